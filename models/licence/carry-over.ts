/** What a new version takes over from its former besides facts and number: what is owed, and the inspection of the year. Called where
 *  steps are recorded, so that it happens with the former's own step, whether that comes with the issue or with the clock. */
import { Op } from 'sequelize';
import { carryCommitments } from '../commitment/carry-commitments.ts';
import type { Caller, House } from '../house.ts';
import { carryInspections } from '../inspection/carry-inspections.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import { SUCCESSION_ACTS } from './states.ts';

interface Step {
  readonly licence: { readonly id: string };
  readonly act: string;
}

export async function carryOver(house: House, tx: Tx, caller: Caller, steps: readonly Step[]): Promise<void> {
  const acts: readonly string[] = SUCCESSION_ACTS;
  const formers = steps.filter(({ act }) => acts.includes(act)).map(({ licence }) => licence.id);
  if (formers.length === 0) return;
  const among = { [Op.in]: formers };
  // Who takes its place; or, where that had not begun and was handed on, who was made from it.
  const handedOn = { formerId: among, predecessorId: { [Op.notIn]: formers } };
  const where = { [Op.or]: [{ predecessorId: among }, handedOn] };
  const versions = await readRows(house.db.rows.licences, { where, tx });
  const known = new Set(formers);
  const carried = versions.flatMap((version) =>
    [...new Set([version.formerId, version.predecessorId])].flatMap((formerId) =>
      formerId !== null && known.has(formerId) ? [{ formerId, version }] : [],
    ),
  );
  await carryCommitments(house, tx, caller, carried);
  await carryInspections(house, tx, carried);
}
