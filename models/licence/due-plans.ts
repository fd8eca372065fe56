/** Moves that were planned for licences, and the new versions that those moves make room for; set-based. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { groupBy } from '../kernel/group-by.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { LicenceColumns, PlannedMoveColumns } from './rows.ts';
import { MOVES } from './states.ts';

/** By licence. @param until only those that are to take effect by then; default: all */
export async function findPlans(
  house: House,
  licenceIds: readonly string[],
  { tx, until }: { readonly tx?: Tx | undefined; readonly until?: Date },
): Promise<ReadonlyMap<string, readonly PlannedMoveColumns[]>> {
  if (licenceIds.length === 0) return new Map();
  const where = {
    ...{ licenceId: { [Op.in]: [...licenceIds] }, state: 'planned' as const },
    ...(until ? { effectiveAt: { [Op.lte]: until } } : {}),
  };
  const plans = await readRows(house.db.rows.plannedMoves, { where, tx });
  return groupBy(plans, ({ licenceId }) => licenceId);
}

/** New versions of those for which something is due that they bear upon: that they take the place, or that it is resumed.
 *  @param lock hold them until the transaction ends */
export async function findHeirs(
  house: House,
  plans: ReadonlyMap<string, readonly PlannedMoveColumns[]>,
  until: Date,
  options: { readonly tx?: Tx | undefined; readonly lock?: boolean },
): Promise<LicenceColumns[]> {
  const due = [...plans.values()]
    .flat()
    .filter(({ act, effectiveAt }) => (MOVES[act].needsSuccessor || act === 'resume') && effectiveAt <= until);
  return findIssuedHeirs(
    house,
    due.map(({ licenceId }) => licenceId),
    options,
  );
}

/** Issued versions that take the places of these, or took them. @param lock hold them until the transaction ends */
export async function findIssuedHeirs(
  house: House,
  formers: readonly string[],
  { tx, lock = false }: { readonly tx?: Tx | undefined; readonly lock?: boolean },
): Promise<LicenceColumns[]> {
  if (formers.length === 0) return [];
  const { licences } = house.db.rows;
  const where = { predecessorId: { [Op.in]: [...new Set(formers)] }, state: 'issued' as const };
  if (!lock) return readRows(licences, { where, tx });
  const ids = (await readRows(licences, { where, attributes: ['id'], tx })).map(({ id }) => id);
  if (ids.length === 0) return [];
  return readRows(licences, { where: { id: { [Op.in]: ids } }, order: [['id', 'ASC']], tx, lock: true });
}
