/** Apply for the successor of a seal. The old one goes on being used until the new one becomes active, and is superseded at that
 *  moment; what it sealed stays verifiable. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { requireActive } from '../organisation/require-active.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { storeApplication } from './apply-for-seal.ts';
import { requireOwnSeal } from './may-see-seal.ts';
import { nextSealState } from './seal-moves.ts';
import { type SealView, viewSeal } from './view-seal.ts';

export const sealRenewalSchema = z.strictObject({
  reason: writtenText(1000),
  years: z.int().min(1).max(10).optional(),
  /** Where the body or the person is called otherwise by now. */
  name: writtenText(120).optional(),
  personName: writtenText(20).optional(),
});

const DEFAULT_YEARS = 5;

/** Gives the new application. Throws `SEAL_MOVE_REFUSED` for what cannot be renewed, `ALREADY_EXISTS` while a renewal is under
 *  way, `NOT_FOUND`. */
export async function renewSeal(
  house: House,
  caller: Caller,
  sealId: string,
  input: z.infer<typeof sealRenewalSchema>,
  remember?: Remember<SealView>,
): Promise<SealView> {
  requireRole(caller, 'issuer.seal-keeper');
  await requireActive(house, requireOrganisation(caller));
  return withTransaction(house.db, async (tx) => {
    const { seals } = house.db.rows;
    const old = await seals.findByPk(sealId, { transaction: tx, lock: true });
    if (!old) throw new Fault('NOT_FOUND');
    requireOwnSeal(caller)(old);
    if (!nextSealState(old.state, 'supersede'))
      throw new Fault('SEAL_MOVE_REFUSED', { detail: `${old.state} → renew` });
    const underWay = await seals.count({
      where: { renews: sealId, state: ['applied', 'approved'] },
      transaction: tx,
    });
    if (underWay > 0) throw new Fault('ALREADY_EXISTS');
    const { organisationCode, kind, purpose } = old;
    const years = input.years ?? old.years ?? DEFAULT_YEARS;
    const named = { name: input.name ?? old.name, personName: personNameOf(old, input.personName) };
    const wanted = { organisationCode, kind, purpose, years, ...named, renews: sealId };
    const view = viewSeal(await storeApplication(house, tx, caller, wanted, input.reason));
    await remember?.(tx, view);
    return view;
  });
}

const personNameOf = (old: { kind: string; personName: string | null }, given: string | undefined) =>
  old.kind === 'personal' ? (given ?? old.personName) : null;
