/** What issuing leaves in the records beside the licence itself, however the sealed files came to be: the files, the change
 *  record, and what others are told. */
import type { Caller, House } from '../house.ts';
import { publishChanges } from '../publication/publish-changes.ts';
import { insertRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { Arrival } from './bulk-outcome.ts';
import { concludeSuccessions, type IssueEntries } from './conclude-successions.ts';
import { licenceChange } from './licence-change.ts';
import { recordChanges } from './record-steps.ts';
import type { LicenceColumns, LicenceFileColumns } from './rows.ts';

export interface StoredFile {
  readonly format: LicenceFileColumns['format'];
  readonly digest: string;
  readonly sizeBytes: number;
}

export interface Issue {
  /** As it is once it is issued. */
  readonly licence: LicenceColumns;
  readonly files: readonly StoredFile[];
  readonly arrival?: Arrival | undefined;
}

/** @returns for the log, last in the transaction; throws `SUCCESSION_BROKEN` */
export async function recordIssues(
  house: House,
  tx: Tx,
  caller: Caller,
  issues: readonly Issue[],
): Promise<IssueEntries> {
  const entries = await concludeSuccessions(
    house,
    tx,
    caller,
    issues.map(({ licence }) => licence),
  );
  const files = issues.flatMap(({ licence: { id: licenceId, updatedAt: createdAt }, files: stored }) =>
    stored.map((file) => ({ ...file, id: house.newId(), licenceId, version: 1, createdAt })),
  );
  await insertRows(house.db, tx, house.db.rows.licenceFiles, files);
  const steps = issues.map(({ licence }) => ({
    ...{ licence, act: 'issue', fromStatus: null, toStatus: licence.status ?? ('valid' as const) },
    ...{ legalBasis: null, reason: null },
  }));
  await recordChanges(house, tx, caller, steps);
  const published = issues.map(({ licence, arrival }) => licenceChange(licence, 'issue', arrival));
  await publishChanges(house, tx, caller, published);
  return entries;
}
