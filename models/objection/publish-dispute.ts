/** Tell those who follow changes that a licence has become disputed, or is so no longer. The licence itself is as it was: its sequence
 *  stays, and the province is told nothing. */
import { Op } from 'sequelize';
import type { Caller, House } from '../house.ts';
import { licenceChange } from '../licence/licence-change.ts';
import type { LicenceColumns } from '../licence/rows.ts';
import { publishChanges } from '../publication/publish-changes.ts';
import type { Tx } from '../store/with-transaction.ts';
import { marksDisputed } from './find-disputed.ts';
import { OPEN_STATES } from './objection-words.ts';

/** Of several that are open, the first raises the dispute and the last closes it. Whoever calls holds the licence.
 *  @param objectionId the one that was opened or closed */
export async function publishDispute(
  house: House,
  tx: Tx,
  caller: Caller,
  { licence, objectionId, act }: { licence: LicenceColumns; objectionId: string; act: 'raised' | 'closed' },
): Promise<void> {
  const where = {
    licenceId: licence.id,
    id: { [Op.ne]: objectionId },
    state: { [Op.in]: [...OPEN_STATES] },
  };
  const others = await house.db.rows.objections.count({ where, transaction: tx });
  if (others > 0 || !(await marksDisputed(house, licence.catalogueCode, tx))) return;
  await publishChanges(house, tx, caller, [{ ...licenceChange(licence, `dispute-${act}`), keptHere: true }]);
}
