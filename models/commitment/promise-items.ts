/** What the applicant promised in the commitment letter (承诺书): material and dates, entered once and amended with reason (R-26, K-10). */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import type { Caller, House, Remember } from '../house.ts';
import { isRealDate, toShanghaiDate } from '../kernel/clock.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { hasEnded } from '../licence/states.ts';
import { deleteRows, putRows } from '../store/bulk-write.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { holdCommitment, keepCommitment, logAct, noteStep } from './hold-commitment.ts';
import type { CommitmentItemColumns } from './rows.ts';
import { type CommitmentView, viewCommitments } from './view-commitment.ts';

export const promiseSchema = z.strictObject({
  items: z
    .array(z.strictObject({ name: writtenText(200), dueOn: z.string().max(10) }))
    .min(1)
    .max(50),
  /** Required when what was promised before is amended. */
  reason: writtenText(1000).optional(),
});
type PromiseInput = z.infer<typeof promiseSchema>;

/** Before or after the licence is issued. What has arrived stays as it is. Throws `NOT_FOUND`, `NOT_BY_COMMITMENT`, `STATE_CONFLICT`,
 *  and all faults of the items. */
export async function promiseItems(
  house: House,
  caller: Caller,
  licenceId: string,
  promise: PromiseInput,
  remember?: Remember<CommitmentView>,
): Promise<CommitmentView> {
  requireRole(caller, 'issuer.clerk');
  return withTransaction(house.db, async (tx) => {
    const held = await holdCommitment(house, tx, caller, licenceId);
    const { status } = held.licence;
    // A licence that ended with nothing promised has no commitment that ended.
    if (status !== null && hasEnded(status)) throw new Fault('STATE_CONFLICT', { detail: status });
    throwFaults(findFaults(house, promise, held.items));
    const items = composeItems(licenceId, promise, held.items);
    const ids = new Set(items.map(({ id }) => id));
    const { commitmentItems } = house.db.rows;
    const gone = held.items.filter(({ id }) => !ids.has(id)).map(({ id }) => id);
    await deleteRows(house.db, tx, commitmentItems, 'id', gone);
    await putRows(house.db, tx, commitmentItems, 'id', items);
    const row = await keepCommitment(house, tx, held, items, held.commitment?.rectifyBy ?? null);
    const act = held.commitment ? 'amend' : 'promise';
    const before = held.items.map(({ name, dueOn }) => ({ name, dueOn }));
    const { reason } = promise;
    const details = { items: promise.items, ...(act === 'amend' ? { before, reason } : {}) };
    await noteStep(house, tx, caller, licenceId, act, details);
    const [view] = await viewCommitments(house, [row], tx);
    if (!view) throw new RangeError('one row, one view');
    await remember?.(tx, view);
    await logAct(house, tx, caller, held, { act: 'commitment.promise', licenceId, details: { items: items.length } });
    return view;
  });
}

function findFaults(
  house: House,
  { items, reason }: PromiseInput,
  before: readonly CommitmentItemColumns[],
): PointedFault[] {
  const faults: PointedFault[] = [];
  if (before.length > 0 && reason === undefined) faults.push({ pointer: '/reason', code: 'FIELD_REQUIRED' });
  const today = toShanghaiDate(house.clock());
  const known = new Map(before.map((item) => [item.name, item]));
  const seen = new Set<string>();
  for (const [index, { name, dueOn }] of items.entries()) {
    const add = (key: string, code: PointedFault['code']) => faults.push({ pointer: `/items/${index}/${key}`, code });
    if (seen.has(name)) add('name', 'ALREADY_EXISTS');
    seen.add(name);
    const same = known.get(name);
    if (same?.dueOn === dueOn) continue;
    if (!isRealDate(dueOn)) add('dueOn', 'DATE_IMPOSSIBLE');
    else if (same?.arrivedAt) add('dueOn', 'PROMISE_ARRIVED');
    else if (dueOn < today) add('dueOn', 'DUE_IN_PAST');
  }
  for (const { name, arrivedAt } of before)
    if (arrivedAt && !seen.has(name)) faults.push({ pointer: '/items', code: 'PROMISE_ARRIVED', detail: name });
  return faults;
}

/** Known ones keep their places; new ones come behind the last. */
function composeItems(
  licenceId: string,
  { items }: PromiseInput,
  before: readonly CommitmentItemColumns[],
): CommitmentItemColumns[] {
  const known = new Map(before.map((item) => [item.name, item]));
  let last = Math.max(0, ...before.map(({ place }) => place));
  return items.map(({ name, dueOn }) => {
    const same = known.get(name);
    if (same) return { ...same, dueOn };
    last += 1;
    return {
      id: `${licenceId}:${last}`,
      licenceId,
      place: last,
      name,
      dueOn,
      arrivedAt: null,
      digest: null,
      note: null,
    };
  });
}
