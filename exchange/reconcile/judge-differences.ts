/** What a difference means, by what the city itself has at this moment; for a whole portion with a handful of queries. */
import type { HeldRecord } from '../../models/digest-tree/index.ts';
import {
  findConfirmed,
  findProvinceStates,
  findWaiting,
  foldTree,
  type ProvinceSubject,
  stateKeyOf,
} from '../../models/exchange-state/index.ts';
import type { House } from '../../models/house.ts';
import { readRows } from '../../models/store/index.ts';

export const DIFFERENCE_KINDS = ['missing', 'differs', 'ahead', 'extra', 'deleted', 'altered', 'refused'] as const;

/** missing: not there · differs: another or an older state there · ahead: a later sequence there than the city's · extra: there,
 *  and never here · deleted: confirmed once, and gone from the city's own tables · altered: changed in the city's own tables
 *  without a step of its sequence · refused: the province refuses its newest state for good. */
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number];

/** What puts the city's own record in doubt: a person's to mend. */
export const LEFT_ALONE: readonly DifferenceKind[] = ['ahead', 'deleted', 'altered'];

/** The city's own record of a subject at this moment. */
export interface CityRecord {
  readonly own: ProvinceSubject;
  /** On its way to the province. */
  readonly isWaiting: boolean;
  readonly isRefused: boolean;
}

export interface Judged {
  readonly subject: string;
  readonly kind: DifferenceKind | 'pending' | 'same';
  readonly own: ProvinceSubject | undefined;
  readonly theirs: HeldRecord | undefined;
  /** The province has confirmed it once. */
  readonly inBook: boolean;
}

export interface ToJudge {
  readonly subject: string;
  readonly theirs: HeldRecord | undefined;
}

/** @param fold the state of the book when the comparison began: what was confirmed since then is in motion */
export async function judgeDifferences(house: House, differing: readonly ToJudge[], fold: number): Promise<Judged[]> {
  if (differing.length === 0) return [];
  await foldTree(house);
  const subjects = differing.map(({ subject }) => subject);
  const city = await findCityRecords(house, subjects);
  const book = await findConfirmed(house, subjects);
  return differing.map(({ subject, theirs }) => {
    const record = city.get(subject);
    const confirmed = book.get(subject);
    const kind = kindOf(record, confirmed, theirs, fold);
    return { subject, kind, own: record?.own, theirs, inBook: confirmed !== undefined };
  });
}

function kindOf(
  record: CityRecord | undefined,
  confirmed: (HeldRecord & { readonly fold: number }) | undefined,
  theirs: HeldRecord | undefined,
  fold: number,
): Judged['kind'] {
  if (confirmed?.sequence === theirs?.sequence && confirmed?.digest === theirs?.digest) return 'same';
  if (confirmed && confirmed.fold > fold) return 'pending';
  if (!record) return confirmed ? 'deleted' : 'extra';
  if (theirs && theirs.sequence > record.own.sequence) return 'ahead';
  if (record.isWaiting) return 'pending';
  return theirs ? 'differs' : 'missing';
}

const LICENCE = 'licence:';
const CATALOGUE = 'catalogue:';

/** Issued licences by their identifiers, entries by their codes. What the province itself issued is none of the city's. */
export async function findCityRecords(house: House, subjects: readonly string[]): Promise<Map<string, CityRecord>> {
  const { licences, catalogueEntries } = house.db.rows;
  const namesOf = (kind: string) =>
    subjects.flatMap((subject) => (subject.startsWith(kind) ? [subject.slice(kind.length)] : []));
  const issued = await readRows(licences, {
    where: { identifier: namesOf(LICENCE), state: 'issued' },
    attributes: ['id', 'identifier', 'sequence', 'source'],
  });
  const own = issued.filter(({ source }) => source !== 'province');
  const entries = await readRows(catalogueEntries, {
    where: { code: namesOf(CATALOGUE) },
    order: [['version', 'ASC']],
    attributes: ['code', 'version'],
  });
  const owns = new Map<string, ProvinceSubject>([
    ...own.map(({ id, identifier, sequence }) => [LICENCE + identifier, { type: 'licence', id, sequence }] as const),
    ...entries.map(
      ({ code, version }) => [CATALOGUE + code, { type: 'catalogue', id: code, sequence: version }] as const,
    ),
  ]);
  return describeCity(house, owns);
}

/** Where each of these stands on its way. */
export async function describeCity(
  house: House,
  owns: ReadonlyMap<string, ProvinceSubject>,
): Promise<Map<string, CityRecord>> {
  const waiting = await findWaiting(house, [...owns.values()]);
  const states = await findProvinceStates(house, [...owns.values()].map(stateKeyOf));
  return new Map(
    [...owns].map(([subject, own]) => {
      const key = stateKeyOf(own);
      return [subject, { own, isWaiting: waiting.has(key), isRefused: states.get(key)?.state === 'refused' }];
    }),
  );
}
