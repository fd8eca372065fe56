/** Clocks that had been stopped too late run again, or were stopped at another time: their findings are open until the next look. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';

export async function reopenFindings(house: House, tx: Tx, clockIds: readonly string[]): Promise<void> {
  const where = { onceKey: { [Op.in]: [...clockIds] }, clock: true, endedBy: 'met' as const };
  await house.db.rows.findings.update({ closedAt: null, endedBy: null }, { where, transaction: tx });
}
