/** Verification found things otherwise than promised (K-14): they are to be put right within a limit; and that they were. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import type { Caller, House, Remember } from '../house.ts';
import { isRealDate, toShanghaiDate } from '../kernel/clock.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { putRows } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { type Held, holdCommitment, keepCommitment, logAct, noteStep } from './hold-commitment.ts';
import type { CommitmentColumns, CommitmentItemColumns } from './rows.ts';
import { type CommitmentView, viewCommitments } from './view-commitment.ts';

export const rectificationSchema = z.strictObject({
  /** Places of the items that are to be handed in, or handed in again, within the limit. */
  items: z.array(z.int().min(1)).max(50).default([]),
  dueOn: z.string().max(10),
  reason: writtenText(1000),
});
export const rectifiedSchema = z.strictObject({ reason: writtenText(1000) });

/** Throws `NOT_FOUND`, `NOT_BY_COMMITMENT`, `STATE_CONFLICT`, and `DATE_IMPOSSIBLE`, `DUE_IN_PAST` at `/dueOn`. */
export async function rectifyCommitment(
  house: House,
  caller: Caller,
  licenceId: string,
  { items: places, dueOn, reason }: z.infer<typeof rectificationSchema>,
  remember?: Remember<CommitmentView>,
): Promise<CommitmentView> {
  return actOnPromised(house, caller, licenceId, remember, async (tx, held) => {
    throwFaults(findFaults(house, held, places, dueOn));
    const named = new Set(places);
    const items = held.items.map((item) =>
      named.has(item.place) ? { ...item, dueOn, arrivedAt: null, digest: null, note: null } : item,
    );
    const changed = items.filter(({ place }) => named.has(place));
    await putRows(house.db, tx, house.db.rows.commitmentItems, 'id', changed);
    await noteStep(house, tx, caller, licenceId, 'rectify', {
      items: places,
      dueOn,
      reason,
      before: describe(held, named),
    });
    return keepCommitment(house, tx, held, items, dueOn);
  });
}

/** The department finds that all is as promised now. Material that is still owed stays owed. */
export async function endRectification(
  house: House,
  caller: Caller,
  licenceId: string,
  { reason }: z.infer<typeof rectifiedSchema>,
  remember?: Remember<CommitmentView>,
): Promise<CommitmentView> {
  return actOnPromised(house, caller, licenceId, remember, async (tx, held) => {
    if (!held.commitment.rectifyBy) throw new Fault('STATE_CONFLICT', { detail: held.commitment.state });
    await noteStep(house, tx, caller, licenceId, 'rectified', { reason, rectifyBy: held.commitment.rectifyBy });
    return keepCommitment(house, tx, held, held.items, null);
  });
}

type Promised = Held & { readonly commitment: CommitmentColumns };

async function actOnPromised(
  house: House,
  caller: Caller,
  licenceId: string,
  remember: Remember<CommitmentView> | undefined,
  act: (tx: Tx, held: Promised) => Promise<CommitmentColumns>,
): Promise<CommitmentView> {
  requireRole(caller, 'issuer.clerk', 'issuer.reviewer');
  return withTransaction(house.db, async (tx) => {
    const held = await holdCommitment(house, tx, caller, licenceId);
    const { commitment } = held;
    if (!commitment) throw new Fault('STATE_CONFLICT', { detail: '未登记承诺事项 (nothing was promised)' });
    const row = await act(tx, { ...held, commitment });
    const [view] = await viewCommitments(house, [row], tx);
    if (!view) throw new RangeError('one row, one view');
    await remember?.(tx, view);
    await logAct(house, tx, caller, held, {
      act: 'commitment.rectify',
      licenceId,
      details: { rectifyBy: row.rectifyBy },
    });
    return view;
  });
}

function findFaults(house: House, held: Held, places: readonly number[], dueOn: string): PointedFault[] {
  const faults: PointedFault[] = [];
  const known = new Set(held.items.map(({ place }) => place));
  for (const [index, place] of places.entries())
    if (!known.has(place)) faults.push({ pointer: `/items/${index}`, code: 'NOT_FOUND' });
  if (!isRealDate(dueOn)) faults.push({ pointer: '/dueOn', code: 'DATE_IMPOSSIBLE' });
  else if (dueOn < toShanghaiDate(house.clock())) faults.push({ pointer: '/dueOn', code: 'DUE_IN_PAST' });
  return faults;
}

/** What the named items were before, which the rows no longer say. */
function describe(held: Held, named: ReadonlySet<number>) {
  return held.items
    .filter(({ place }) => named.has(place))
    .map(({ place, dueOn, arrivedAt, digest }: CommitmentItemColumns) => ({
      ...{ item: place, dueOn, arrivedAt: arrivedAt?.toISOString() ?? null, digest },
    }));
}
