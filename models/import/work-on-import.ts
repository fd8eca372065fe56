/** Who works on which import: a lease a process, given up at its death, kept with every step. A step and the record that it was
 *  done are one transaction, so that whoever goes on begins exactly where the other ended. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import type { PointedFault } from '../kernel/fault.ts';
import { isDeadOwner, processOwner } from '../kernel/process-owner.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import type { ImportColumns, ImportState } from './rows.ts';

const LEASE_MS = 60_000;
const OPEN_STATES: readonly ImportState[] = ['reading', 'judging', 'advancing'];
const CANDIDATES = 50;

/** Somebody else has the import now, or it was cancelled: what was under way is not kept. */
export class ImportLost extends Error {
  override readonly name = 'ImportLost';
}

/** The import that has waited longest for its next step. */
export async function claimImport(house: House): Promise<ImportColumns | undefined> {
  const { imports } = house.db.rows;
  const now = house.clock();
  return withTransaction(house.db, async (tx) => {
    const due = await imports.findAll({
      where: { state: { [Op.in]: [...OPEN_STATES] }, runAt: { [Op.lte]: now } },
      order: [
        ['runAt', 'ASC'],
        ['id', 'ASC'],
      ],
      limit: CANDIDATES,
      transaction: tx,
      lock: true,
    });
    const free = due.find(
      ({ lockedUntil, owner }) => lockedUntil === null || lockedUntil <= now || isDeadOwner(owner ?? ''),
    );
    if (!free) return undefined;
    await free.update({ owner: processOwner(), lockedUntil: new Date(now.getTime() + LEASE_MS) }, { transaction: tx });
    return free.get();
  });
}

/** Keep what a step has changed, in its own transaction. Throws `ImportLost`. */
export async function keepStep(
  house: House,
  tx: Tx,
  work: ImportColumns,
  changes: Partial<ImportColumns>,
): Promise<ImportColumns> {
  const { id, owner, lockedUntil, state } = work;
  // Later than before by at least a millisecond, so that each step has a lease of its own.
  const until = Math.max(house.clock().getTime() + LEASE_MS, (lockedUntil?.getTime() ?? 0) + 1);
  const next = { lockedUntil: new Date(until), ...changes };
  const where = { id, owner, lockedUntil, state };
  const [count] = await house.db.rows.imports.update(next, { where, transaction: tx });
  if (count !== 1) throw new ImportLost(id);
  return { ...work, ...next };
}

/** Let others come first; this one goes on at its next turn, not before `runAt`. */
export async function handBack(house: House, work: ImportColumns, runAt?: Date): Promise<void> {
  const free = { owner: null, lockedUntil: null, runAt: runAt ?? house.clock() };
  await withTransaction(house.db, (tx) => keepStep(house, tx, work, free));
}

/** The sheet as a whole cannot be taken. */
export async function failImport(
  house: House,
  work: ImportColumns,
  fault: { readonly code: string; readonly detail?: string | undefined; readonly errors: readonly PointedFault[] },
): Promise<void> {
  const { code, detail, errors } = fault;
  const kept = { code, ...(detail === undefined ? {} : { detail }), errors };
  const ended = { state: 'failed', fault: kept, onceKey: null, ...endOf(house) } as const;
  await withTransaction(house.db, (tx) => keepStep(house, tx, work, ended));
}

/** What is set when nobody has to work on it any more. */
export const endOf = (house: Pick<House, 'clock'>) => ({ owner: null, lockedUntil: null, endedAt: house.clock() });
