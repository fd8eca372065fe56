/** Data maintenance of issued licences: case data and fields that no face shows. A change record `amend`, the next
 *  sequence, no new file. */
import { Op } from 'sequelize';
import type { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudits } from '../audit/append-audit.ts';
import { getEntryVersion } from '../catalogue/find-entry.ts';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import { meetCases } from '../deadline/meet-cases.ts';
import type { Caller, House, Remember } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { readRows } from '../store/bulk-read.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { actOnOne } from './act-on-one.ts';
import { type Arrival, type BulkOutcome, doneOf, judgeItem, type RememberAll } from './bulk-outcome.ts';
import type { LicenceHolder } from './find-holders.ts';
import { type Amended, type Amendment, judgeAmendment, requireIssued } from './judge-amendment.ts';
import { loadHolders } from './load-holders.ts';
import { lockLicences } from './lock-licences.ts';
import { type ChangedLicence, changedLicence, type LicenceStep, recordSteps } from './record-steps.ts';
import { requireOwn } from './require-own.ts';
import type { LicenceColumns } from './rows.ts';
import { statusOn } from './states.ts';
import { storePictures } from './store-pictures.ts';
import { submissionSchema } from './submission.ts';
import type { LicenceView } from './view-licence.ts';

/** As it comes over HTTP: any facts of a submission; those of the sealed face may be stated, as they are. */
export const amendmentSchema = submissionSchema.partial().extend({
  /** The rule it rests on, in words. */
  legalBasis: writtenText(500).optional(),
  reason: writtenText(1000),
});

export interface AmendItem {
  readonly licenceId: string;
  readonly amendment: Amendment;
  /** The facts are all of the licence, as a department pushes them: a field that is left out is emptied. */
  readonly whole?: boolean;
  readonly legalBasis?: string | undefined;
  readonly reason?: string | undefined;
  readonly arrival?: Arrival | undefined;
}

export interface AmendedLicence extends ChangedLicence {
  /** What is new, as pointers of a submission. None: all was as it is, nothing was written. */
  readonly pointers: readonly string[];
}

/** Throws `NOT_FOUND`, `STATE_CONFLICT` for what is not issued, `FACE_DATA_CHANGED`, and the faults of a submission. */
export async function amendRecord(
  house: House,
  caller: Caller,
  licenceId: string,
  { legalBasis, reason, ...amendment }: z.infer<typeof amendmentSchema>,
  remember?: Remember<LicenceView>,
): Promise<LicenceView> {
  const items: AmendItem[] = [{ licenceId, amendment: amendment as Amendment, legalBasis, reason }];
  return actOnOne<AmendedLicence>(house, (all) => amendRecords(house, caller, items, all), remember);
}

/** Every item is judged alone, in the order in which they stand; all good ones are kept in one transaction. */
export async function amendRecords(
  house: House,
  caller: Caller,
  items: readonly AmendItem[],
  remember?: RememberAll<AmendedLicence>,
): Promise<readonly BulkOutcome<AmendedLicence>[]> {
  requireRole(caller, 'issuer.clerk');
  const issuingBody = requireOrganisation(caller);
  return withTransaction(house.db, async (tx) => {
    const licences = await lockLicences(
      house,
      tx,
      items.map(({ licenceId }) => licenceId),
      issuingBody,
    );
    const facts = await loadFacts(house, tx, [...licences.values()], items);
    const steps: LicenceStep[] = [];
    const outcomes: BulkOutcome<AmendedLicence>[] = [];
    for (const item of items) {
      const judged = judgeItem(() => judge(house, licences.get(item.licenceId), facts, item));
      if ('fault' in judged) {
        outcomes.push(judged);
        continue;
      }
      const { licence: before, amended } = judged.done;
      const licence = amended.pointers.length === 0 ? before : await apply(house, facts, before, amended);
      licences.set(licence.id, licence);
      if (licence !== before) steps.push(stepOf(house, licence, item));
      outcomes.push({ done: { ...changedLicence(licence), pointers: amended.pointers } });
    }
    await keep(house, tx, caller, steps, outcomes, remember);
    return outcomes;
  });
}

interface Facts {
  /** By code and version. */
  readonly entries: ReadonlyMap<string, CatalogueColumns>;
  readonly holders: ReadonlyMap<string, readonly LicenceHolder[]>;
  /** Ids of licences that this house has sealed. */
  readonly sealedHere: ReadonlySet<string>;
}

const versionOf = ({ catalogueCode, catalogueVersion }: LicenceColumns) => `${catalogueCode}:${catalogueVersion}`;

async function loadFacts(
  house: House,
  tx: Tx,
  licences: readonly LicenceColumns[],
  items: readonly AmendItem[],
): Promise<Facts> {
  const entries = new Map<string, CatalogueColumns>();
  for (const licence of licences) {
    const key = versionOf(licence);
    if (!entries.has(key))
      entries.set(key, await getEntryVersion(house, licence.catalogueCode, licence.catalogueVersion, tx));
  }
  const ids = licences.map(({ id }) => id);
  const named = new Set(items.filter(({ amendment }) => amendment.holders).map(({ licenceId }) => licenceId));
  const holders = await loadHolders(
    house,
    ids.filter((id) => named.has(id)),
    tx,
  );
  const intents =
    ids.length === 0
      ? []
      : await readRows(house.db.rows.intents, {
          where: { licenceId: { [Op.in]: ids }, state: 'finished' },
          attributes: ['licenceId'],
          tx,
        });
  return { entries, holders, sealedHere: new Set(intents.map(({ licenceId }) => licenceId)) };
}

function judge(
  house: House,
  licence: LicenceColumns | undefined,
  { entries, holders, sealedHere }: Facts,
  { amendment, whole = false }: AmendItem,
): { readonly licence: LicenceColumns; readonly amended: Amended } {
  const entry = licence && entries.get(versionOf(licence));
  if (!licence || !entry) throw new Fault('NOT_FOUND');
  requireIssued(licence);
  requireOwn(licence);
  const context = {
    ...{ house, licence, entry, whole },
    ...{ holders: holders.get(licence.id) ?? [], sealedHere: sealedHere.has(licence.id) },
  };
  return { licence, amended: judgeAmendment(context, amendment) };
}

async function apply(
  house: House,
  { entries }: Facts,
  before: LicenceColumns,
  { licence, pointers }: Amended,
): Promise<LicenceColumns> {
  const entry = entries.get(versionOf(before));
  const pictures = entry?.definition.fields.filter(
    ({ key, type }) => type === 'image' && pointers.includes(`/fields/${key}`),
  );
  const fields = await storePictures(house, pictures ?? [], licence.fields);
  return { ...before, ...licence, fields, sequence: before.sequence + 1, updatedAt: house.clock() };
}

function stepOf(house: House, licence: LicenceColumns, { legalBasis, reason, arrival }: AmendItem): LicenceStep {
  const status = statusOn(licence, toShanghaiDate(house.clock())) ?? 'valid';
  const words = { legalBasis: legalBasis ?? null, reason: reason ?? null };
  return { licence, act: 'amend', fromStatus: status, toStatus: status, ...words, arrival };
}

async function keep(
  house: House,
  tx: Tx,
  caller: Caller,
  steps: readonly LicenceStep[],
  outcomes: readonly BulkOutcome<AmendedLicence>[],
  remember: RememberAll<AmendedLicence> | undefined,
): Promise<void> {
  const done = doneOf(outcomes);
  if (steps.length > 0) {
    await recordSteps(house, tx, caller, steps, ['fields', 'caseNumber', 'closedAt']);
    const cased = done.filter(
      ({ done: { pointers } }) => pointers.includes('/caseNumber') || pointers.includes('/closedAt'),
    );
    await meetCases(
      house,
      tx,
      cased.map(({ done: { licence } }) => licence),
    );
  }
  if (done.length > 0) await remember?.(tx, done);
  const changed = done.filter(({ done: { pointers } }) => pointers.length > 0);
  await appendAudits(
    house,
    tx,
    caller,
    changed.map(({ done: { licence, pointers } }) => ({
      ...{ act: 'licence.amend', licenceId: licence.id, caseNumber: licence.caseNumber, details: { pointers } },
    })),
  );
}
