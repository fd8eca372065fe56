/** Whoever resumes a licence lifts the suspension that an inspection brought upon it: what suspends the licence afterwards is no longer
 *  that inspection's, and passing it lifts nothing. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';

interface Step {
  readonly licence: { readonly id: string };
  readonly act: string;
}

/** In the transaction in which the steps are recorded. */
export async function forgetSuspensions(house: House, tx: Tx, steps: readonly Step[]): Promise<void> {
  const resumed = steps.filter(({ act }) => act === 'resume').map(({ licence }) => licence.id);
  if (resumed.length === 0) return;
  const where = { licenceId: { [Op.in]: [...new Set(resumed)] }, suspended: true };
  await house.db.rows.inspections.update({ suspended: false }, { where, transaction: tx });
}
