/** The city's side of a comparison: what has changed and was not confirmed, what the database noticed was removed or altered by hand,
 *  and the catalogue, which is small enough to be looked at whole. */
import { findNewestEntries } from '../../models/catalogue/index.ts';
import type { HeldRecord } from '../../models/digest-tree/index.ts';
import {
  dropSuspects,
  findConfirmed,
  listSuspects,
  type ProvinceSubject,
  type TreeSuspect,
} from '../../models/exchange-state/index.ts';
import type { House } from '../../models/house.ts';
import { composeRecords, findLicences } from '../../models/licence/index.ts';
import { readRows } from '../../models/store/index.ts';
import { composeCatalogueMessage, composeLicenceMessage } from '../province/compose-message.ts';
import { type CityRecord, describeCity, type Judged } from './judge-differences.ts';

const AT_ONCE = 500;

/** In portions. What needs no look any more is forgotten. */
export async function* judgeSuspects(house: House): AsyncGenerator<Judged[]> {
  yield* judgeCatalogue(house);
  for (let after = 0; ; ) {
    const suspects = await listSuspects(house, after, AT_ONCE);
    after = suspects.at(-1)?.id ?? after;
    const judged = await judgeThese(house, suspects);
    yield judged.filter(({ kind }) => kind !== 'same');
    const settled = new Set(judged.flatMap(({ kind, subject }) => (kind === 'same' ? [subject] : [])));
    await dropSuspects(
      house,
      suspects.flatMap(({ id, subject }) => (settled.has(subject) ? [id] : [])),
    );
    if (suspects.length < AT_ONCE) return;
  }
}

async function judgeThese(house: House, suspects: readonly TreeSuspect[]): Promise<Judged[]> {
  const bySubject = new Map<string, TreeSuspect[]>();
  for (const one of suspects) bySubject.set(one.subject, [...(bySubject.get(one.subject) ?? []), one]);
  const licences = await readRows(house.db.rows.licences, {
    where: { id: suspects.map(({ subjectId }) => subjectId), state: 'issued' },
    attributes: ['id', 'identifier', 'sequence'],
  });
  const owns = new Map<string, ProvinceSubject>(
    licences.map(({ id, identifier, sequence }) => [`licence:${identifier}`, { type: 'licence', id, sequence }]),
  );
  const city = await describeCity(house, owns);
  const book = await findConfirmed(house, [...bySubject.keys()]);
  const altered = [...bySubject].flatMap(([subject, ones]) =>
    ones.some(({ cause }) => cause === 'altered') ? (owns.get(subject)?.id ?? []) : [],
  );
  const digests = await composeDigests(house, altered);
  return [...bySubject.keys()].map((subject) => {
    const [record, confirmed] = [city.get(subject), book.get(subject)];
    const kind = kindOf(record, confirmed, digests.get(subject));
    return { subject, kind, own: record?.own, theirs: undefined, inBook: confirmed !== undefined };
  });
}

/** @param digest of the record as it is now, where somebody may have altered it */
function kindOf(
  record: CityRecord | undefined,
  confirmed: HeldRecord | undefined,
  digest: string | undefined,
): Judged['kind'] {
  // Never confirmed and gone: there is nothing to compare, and the access log has its issue.
  if (!record) return confirmed ? 'deleted' : 'same';
  if (confirmed && confirmed.sequence > record.own.sequence) return 'altered';
  if (confirmed?.sequence === record.own.sequence)
    return digest === undefined || digest === confirmed.digest ? 'same' : 'altered';
  if (record.isWaiting) return 'pending';
  if (record.isRefused) return 'refused';
  return confirmed ? 'differs' : 'missing';
}

async function composeDigests(house: House, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const recorded = await composeRecords(house, await findLicences(house, ids));
  return new Map(recorded.map(composeLicenceMessage).map(({ subject, digest }) => [subject, digest]));
}

/** Each entry as it is now against what was confirmed of it. */
async function* judgeCatalogue(house: House): AsyncGenerator<Judged[]> {
  const rows = await house.db.rows.catalogueEntries.findAll({ attributes: ['code'], group: ['code'] });
  const codes = rows.map(({ code }) => code);
  for (let from = 0; from < codes.length; from += AT_ONCE) {
    const entries = await findNewestEntries(house, codes.slice(from, from + AT_ONCE));
    const messages = entries.map(composeCatalogueMessage);
    const book = await findConfirmed(
      house,
      messages.map(({ subject }) => subject),
    );
    const city = await describeCity(house, new Map(messages.map(({ subject, own }) => [subject, own])));
    yield messages.flatMap(({ subject, sequence, digest, own }): Judged[] => {
      const [record, confirmed] = [city.get(subject), book.get(subject)];
      if (confirmed?.sequence === sequence && confirmed.digest === digest) return [];
      const known = { subject, own, theirs: undefined, inBook: confirmed !== undefined };
      if (record?.isWaiting) return [{ ...known, kind: 'pending' }];
      if (record?.isRefused) return [{ ...known, kind: 'refused' }];
      return [{ ...known, kind: confirmed ? 'differs' : 'missing' }];
    });
  }
}
