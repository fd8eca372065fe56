/** Settle inspections, many at once: what each came to, and what becomes of its licence by the one table of moves, in one transaction. */
import { Op } from 'sequelize';
import { appendAudits } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { changeStatuses } from '../licence/index.ts';
import { readRows } from '../store/bulk-read.ts';
import { updateRows } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import type { InspectionColumns, InspectionState } from './rows.ts';

export interface Settlement {
  /** As it was when it was judged; when it has moved since, nothing of all is kept. */
  readonly row: InspectionColumns;
  readonly state: InspectionState;
  /** What its licence is to do, where that is legal now. */
  readonly act?: 'suspend' | 'resume' | undefined;
  readonly reason: string;
  readonly legalBasis?: string | undefined;
  /** Since when the act holds; default: now. */
  readonly effectiveAt?: Date | undefined;
}

/** Inside the transaction, with the rows as they now are, in the order of the settlements. */
export type Settled = (tx: Tx, rows: readonly InspectionColumns[]) => Promise<void>;

/** An act that is not legal for a licence any more leaves the licence as it is; the inspection is settled all the same.
 *  Throws `STATE_CONFLICT` when somebody else has settled one of them meanwhile. */
export async function settleInspections(
  house: House,
  caller: Caller,
  settlements: readonly Settlement[],
  settled: Settled,
): Promise<void> {
  if (settlements.length === 0) return;
  const movers = settlements.filter(({ act }) => act !== undefined);
  const keep = (tx: Tx, moved: ReadonlySet<Settlement>) =>
    keepSettlements(house, tx, caller, settlements, moved, settled);
  if (movers.length > 0) {
    const outcomes = await changeStatuses(house, caller, movers.map(itemOf), (tx, done) =>
      keep(tx, new Set(done.flatMap(({ index }) => movers[index] ?? []))),
    );
    if (outcomes.some((outcome) => 'done' in outcome)) return;
  }
  await withTransaction(house.db, (tx) => keep(tx, new Set()));
}

function itemOf({ row, act = 'suspend', reason, legalBasis, effectiveAt }: Settlement) {
  const since = effectiveAt === undefined ? {} : { effectiveAt: effectiveAt.toISOString() };
  return { licenceId: row.licenceId, change: { act, reason, legalBasis: legalBasis ?? row.legalBasis, ...since } };
}

async function keepSettlements(
  house: House,
  tx: Tx,
  caller: Caller,
  settlements: readonly Settlement[],
  moved: ReadonlySet<Settlement>,
  settled: Settled,
): Promise<void> {
  await requireUnmoved(house, tx, settlements);
  const now = house.clock();
  const rows = settlements.map((settlement): InspectionColumns => {
    const { row, state, act, reason } = settlement;
    const suspended = act === 'suspend' ? moved.has(settlement) || row.suspended : act === undefined && row.suspended;
    return { ...row, state, reason, suspended, nextOn: null, settledBy: caller.id, settledAt: now };
  });
  await updateRows(
    house.db,
    tx,
    house.db.rows.inspections,
    'id',
    rows.map(({ id, state, reason, suspended, nextOn, settledBy, settledAt }) => ({
      ...{ id, state, reason, suspended, nextOn, settledBy, settledAt },
    })),
  );
  await settled(tx, rows);
  await appendAudits(
    house,
    tx,
    caller,
    rows.map(({ licenceId, year, state }) => ({ act: 'inspection.record', licenceId, details: { year, state } })),
  );
}

async function requireUnmoved(house: House, tx: Tx, settlements: readonly Settlement[]): Promise<void> {
  const ids = settlements.map(({ row }) => row.id);
  const rows = await readRows(house.db.rows.inspections, {
    where: { id: { [Op.in]: ids } },
    order: [['id', 'ASC']],
    tx,
    lock: true,
    by: 'PRIMARY',
  });
  const states = new Map(rows.map(({ id, state }) => [id, state]));
  const other = settlements.find(({ row }) => states.get(row.id) !== row.state);
  if (other) throw new Fault('STATE_CONFLICT', { detail: `${other.row.id}: ${states.get(other.row.id) ?? ''}` });
}
