/** A department corrects what it pushed before anybody sealed it: the older submissions give way to the newer, and whoever asks what became
 *  of them is told which. */
import type { AuditFacts } from '../audit/append-audit.ts';
import { endPromises } from '../commitment/end-promises.ts';
import { reopenCases } from '../deadline/reopen-cases.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { insertRows, updateRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { holdLicences } from './lock-licences.ts';
import type { LicenceColumns, ReviewColumns } from './rows.ts';
import { tellStep } from './tell-step.ts';

export interface GivesWay {
  readonly licenceId: string;
  /** The submission that takes its place. */
  readonly to: string;
}

/** With a handful of statements however many.
 *  @returns for the log, last in the transaction; throws `STATE_CONFLICT` once one is being sealed, issued, or has given way already */
export async function withdrawSubmissions(
  house: House,
  tx: Tx,
  caller: Caller,
  pairs: readonly GivesWay[],
): Promise<AuditFacts[]> {
  if (pairs.length === 0) return [];
  const rows = await holdLicences(
    house,
    tx,
    pairs.map(({ licenceId }) => licenceId),
  );
  const held = new Map(rows.map((row) => [row.id, row]));
  const now = house.clock();
  const gone = pairs.map(({ licenceId }): LicenceColumns => {
    const row = held.get(licenceId);
    if (!row || (row.state !== 'submitted' && row.state !== 'reviewed'))
      throw new Fault('STATE_CONFLICT', { detail: row?.state ?? '' });
    // One gives way to one.
    held.delete(licenceId);
    return { ...row, state: 'withdrawn', numberKey: null, predecessorId: null, updatedAt: now };
  });
  const reviewerType = caller.type === 'person' ? 'person' : 'system';
  const reviews = gone.map(({ id: licenceId, contentDigest }, place): ReviewColumns => {
    const by = { reviewerType, reviewerId: caller.id } as const;
    const reason = `由新提交取代：${pairs[place]?.to}`;
    return { id: house.newId(), licenceId, ...by, decision: 'withdrawn', reason, contentDigest, createdAt: now };
  });
  await insertRows(house.db, tx, house.db.rows.reviews, reviews);
  const changes = gone.map(({ id, state, numberKey, predecessorId, updatedAt }) => {
    return { id, state, numberKey, predecessorId, updatedAt };
  });
  await updateRows(house.db, tx, house.db.rows.licences, 'id', changes);
  await reopenCases(house, tx, gone);
  const ids = gone.map(({ id }) => id);
  await endPromises(house, tx, caller, ids, 'withdrawn');
  await tellStep(house, tx, 'withdrawn', gone);
  return pairs.map(({ licenceId, to }) => ({ act: 'licence.withdraw', licenceId, details: { replacedBy: to } }));
}
