/** A seal that stands in a given state, laid down as its row says: for tests of what is allowed from there. */
import type { House } from '../../../models/house.ts';
import type { SealState } from '../../../models/seal/seal-moves.ts';
import { ISSUER } from '../../world/sample-entry.ts';

export async function sealAt(house: House, state: SealState): Promise<string> {
  const id = house.newId();
  const made = await house.db.rows.seals.findOne({ where: { organisationCode: ISSUER, state: 'active' } });
  if (!made) throw new Error('furnish first');
  const row = { ...made.get(), id, state, kind: 'personal' as const, personName: '王小明', renews: null };
  await house.db.rows.seals.create({ ...row, appliedBy: 'somebody', esId: id });
  return id;
}
