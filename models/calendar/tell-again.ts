/** Clocks were opened whose due time has been gone through already, or will be while they are being written. */
import { QueryTypes } from 'sequelize';
import type { House } from '../house.ts';
import { instantText } from '../store/bulk-values.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { DueTimeColumns } from './rows.ts';

/** Longer than any transaction lasts. */
const SOON_MS = 10 * 60_000;

/** The pass goes through these times once more. It holds a time's row while it does so, and this holds it until the new clocks are
 *  committed: either the pass sees them, or it is told to come again.
 *  @param of running: they are to be warned too; else they were stopped, too late, as they were opened */
export async function tellAgain(
  house: House,
  tx: Tx,
  times: readonly DueTimeColumns[],
  of: { readonly running: boolean },
): Promise<void> {
  const soon = new Date(house.clock().getTime() + SOON_MS);
  const ids = [...new Set(times.filter(({ warnAt }) => warnAt <= soon).map(({ id }) => id))].sort();
  if (ids.length === 0) return;
  await house.db.sequelize.query(
    `UPDATE due_times SET warned_at = ${of.running ? 'NULL' : 'warned_at'}, passed_at = CASE WHEN due_at <= :soon THEN NULL ELSE passed_at END
     WHERE id IN (:ids)`,
    {
      replacements: { soon: instantText(soon, house.db.dialect), ids },
      ...{ type: QueryTypes.RAW, transaction: tx },
    },
  );
}
