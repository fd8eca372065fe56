/** Data maintenance of issued licences: case data and fields that no face shows. A change record `maintain`, the next
 *  sequence, no new file. */
import { Op } from 'sequelize';
import type { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { type AuditFacts, appendAudits } from '../audit/append-audit.ts';
import { getEntryVersion } from '../catalogue/find-entry.ts';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import { type MovedLicence, moveCases } from '../deadline/move-cases.ts';
import { type Caller, type House, houseCaller, type Remember } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { readRows } from '../store/bulk-read.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { actOnOne } from './act-on-one.ts';
import { type Arrival, type BulkOutcome, doneOf, judgeItem, type RememberAll } from './bulk-outcome.ts';
import type { LicenceHolder } from './find-holders.ts';
import { judgeMaintenance, type Maintained, type Maintenance, requireIssued } from './judge-maintenance.ts';
import { loadHolders } from './load-holders.ts';
import { lockLicences } from './lock-licences.ts';
import { type ChangedLicence, changedLicence, type LicenceStep, recordSteps } from './record-steps.ts';
import { requireOwn } from './require-own.ts';
import { retryDuplicate } from './retry-duplicate.ts';
import type { LicenceColumns, ReplacedFacts } from './rows.ts';
import { statusOn } from './states.ts';
import { storePictures } from './store-pictures.ts';
import { submissionSchema } from './submission.ts';
import type { LicenceView } from './view-licence.ts';

/** As it comes over HTTP: any facts of a submission; those of the sealed face may be stated, as they are. */
export const maintenanceSchema = submissionSchema
  .omit({ stock: true, succeeds: true })
  .partial()
  .extend({
    /** The rule it rests on, in words. */
    legalBasis: writtenText(500).optional(),
    reason: writtenText(1000),
  });

export interface MaintenanceItem {
  readonly licenceId: string;
  readonly facts: Maintenance;
  /** The facts are all of the licence, as a department pushes them: a field that is left out is emptied. */
  readonly whole?: boolean;
  readonly legalBasis?: string | undefined;
  readonly reason?: string | undefined;
  readonly arrival?: Arrival | undefined;
}

export interface MaintainedLicence extends ChangedLicence {
  /** What is new, as pointers of a submission. None: all was as it is, nothing was written. */
  readonly pointers: readonly string[];
}

/** Throws `NOT_FOUND`, `STATE_CONFLICT` for what is not issued, `FACE_DATA_CHANGED`, and the faults of a submission. */
export async function maintainRecord(
  house: House,
  caller: Caller,
  licenceId: string,
  { legalBasis, reason, ...facts }: z.infer<typeof maintenanceSchema>,
  remember?: Remember<LicenceView>,
): Promise<LicenceView> {
  const items: MaintenanceItem[] = [{ licenceId, facts: facts as Maintenance, legalBasis, reason }];
  return actOnOne<MaintainedLicence>(house, (all) => maintainRecords(house, caller, items, all), remember);
}

/** Every item is judged alone, in the order in which they stand; all good ones are kept in one transaction. */
export async function maintainRecords(
  house: House,
  caller: Caller,
  items: readonly MaintenanceItem[],
  remember?: RememberAll<MaintainedLicence>,
): Promise<readonly BulkOutcome<MaintainedLicence>[]> {
  requireRole(caller, 'issuer.clerk');
  const issuingBody = requireOrganisation(caller);
  const act = async (tx: Tx) => {
    const ids = items.map(({ licenceId }) => licenceId);
    const { licences, entries } = await lockLicences(house, tx, caller, ids, issuingBody);
    const facts = await loadFacts(house, tx, [...licences.values()], items);
    const steps: LicenceStep[] = [];
    const outcomes: BulkOutcome<MaintainedLicence>[] = [];
    for (const item of items) {
      const judged = judgeItem(() => judge(house, licences.get(item.licenceId), facts, item));
      if ('fault' in judged) {
        outcomes.push(judged);
        continue;
      }
      const { licence: before, maintained } = judged.done;
      const licence = maintained.pointers.length === 0 ? before : await apply(house, facts, before, maintained);
      licences.set(licence.id, licence);
      if (licence !== before) steps.push(stepOf(house, licence, item, maintained.replaced));
      outcomes.push({ done: { ...changedLicence(licence), pointers: maintained.pointers } });
    }
    await keep(house, tx, caller, steps, outcomes, remember, entries);
    return outcomes;
  };
  return retryDuplicate(() => withTransaction(house.db, act));
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
  items: readonly MaintenanceItem[],
): Promise<Facts> {
  const entries = new Map<string, CatalogueColumns>();
  for (const licence of licences) {
    const key = versionOf(licence);
    if (!entries.has(key))
      entries.set(key, await getEntryVersion(house, licence.catalogueCode, licence.catalogueVersion, tx));
  }
  const ids = licences.map(({ id }) => id);
  const named = new Set(items.filter(({ facts }) => facts.holders).map(({ licenceId }) => licenceId));
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
  { facts, whole = false }: MaintenanceItem,
): { readonly licence: LicenceColumns; readonly maintained: Maintained } {
  const entry = licence && entries.get(versionOf(licence));
  if (!licence || !entry) throw new Fault('NOT_FOUND');
  requireIssued(licence);
  requireOwn(licence);
  const context = {
    ...{ house, licence, entry, whole },
    ...{ holders: holders.get(licence.id) ?? [], sealedHere: sealedHere.has(licence.id) },
  };
  return { licence, maintained: judgeMaintenance(context, facts) };
}

async function apply(
  house: House,
  { entries }: Facts,
  before: LicenceColumns,
  { licence, pointers }: Maintained,
): Promise<LicenceColumns> {
  const entry = entries.get(versionOf(before));
  const pictures = entry?.definition.fields.filter(
    ({ key, type }) => type === 'image' && pointers.includes(`/fields/${key}`),
  );
  const fields = await storePictures(house, pictures ?? [], licence.fields);
  return { ...before, ...licence, fields, sequence: before.sequence + 1, updatedAt: house.clock() };
}

function stepOf(
  house: House,
  licence: LicenceColumns,
  { legalBasis, reason, arrival }: MaintenanceItem,
  replaced: ReplacedFacts,
): LicenceStep {
  const status = statusOn(licence, toShanghaiDate(house.clock())) ?? 'valid';
  const words = { legalBasis: legalBasis ?? null, reason: reason ?? null };
  return { licence, act: 'maintain', fromStatus: status, toStatus: status, ...words, arrival, replaced };
}

async function keep(
  house: House,
  tx: Tx,
  caller: Caller,
  steps: readonly LicenceStep[],
  outcomes: readonly BulkOutcome<MaintainedLicence>[],
  remember: RememberAll<MaintainedLicence> | undefined,
  turned: readonly AuditFacts[],
): Promise<void> {
  const done = doneOf(outcomes);
  const moved: AuditFacts[] = [];
  if (steps.length > 0) {
    await recordSteps(house, tx, caller, steps, ['fields', 'caseNumber', 'closedAt']);
    moved.push(...(await moveCases(house, tx, caller, findMoved(steps))));
  }
  if (done.length > 0) await remember?.(tx, done);
  await appendAudits(house, tx, houseCaller(caller.requestId), turned);
  const changed = done.filter(({ done: { pointers } }) => pointers.length > 0);
  const maintained = changed.map(
    ({ done: { licence, pointers } }): AuditFacts => ({
      ...{ act: 'licence.maintain', licenceId: licence.id, caseNumber: licence.caseNumber, details: { pointers } },
    }),
  );
  await appendAudits(house, tx, caller, [...maintained, ...moved]);
}

/** What a licence stood for before the first of its steps, and what it is after the last; what it stood for in between it never stood
 *  for. Those alone whose case or closing is another. */
function findMoved(steps: readonly LicenceStep[]): readonly MovedLicence[] {
  const moved = new Map<string, MovedLicence>();
  for (const { licence, replaced } of steps) {
    const { caseNumber, closedAt } = replaced ?? {};
    const known = moved.get(licence.id);
    if (known) moved.set(licence.id, { ...known, licence });
    else if (caseNumber !== undefined || closedAt !== undefined)
      moved.set(licence.id, { licence, formerCase: caseNumber === undefined ? licence.caseNumber : caseNumber });
  }
  return [...moved.values()];
}
