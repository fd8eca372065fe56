/** A body comes by a seal as it does in life: its keeper applies, an officer of the bureau approves, and it is made. */
import type { House } from '../../models/house.ts';
import type { SealApplication } from '../../models/seal/apply-for-seal.ts';
import { applyForSeal, approveSeal, makeSeal } from '../../models/seal/index.ts';
import type { SealView } from '../../models/seal/view-seal.ts';
import { callerWith } from './test-house.ts';

export const officer = callerWith(['bureau.officer'], null, 'officer');
export const keeperOf = (organisationCode: string) => callerWith(['issuer.seal-keeper'], organisationCode, 'keeper');

export async function giveSeal(
  house: House,
  organisationCode: string,
  name: string,
  more: Partial<SealApplication> = {},
): Promise<SealView> {
  const sealId = await giveApproval(house, organisationCode, name, more);
  return makeSeal(house, officer, sealId);
}

/** Applied for and approved: its id. */
export async function giveApproval(
  house: House,
  organisationCode: string,
  name: string,
  more: Partial<SealApplication> = {},
): Promise<string> {
  const wanted = { kind: 'unit', purpose: '电子证照专用章', years: 5, ...more, name } as const;
  const { sealId } = await applyForSeal(house, keeperOf(organisationCode), wanted);
  await approveSeal(house, officer, sealId, { reason: '材料齐全' });
  return sealId;
}
