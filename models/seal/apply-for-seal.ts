/** A body's seal keeper applies for a seal (M-14, R-24). Another person, of the bureau, approves it. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { requireActive } from '../organisation/require-active.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { recordChange } from './move-seal.ts';
import type { SealColumns } from './rows.ts';
import { type SealView, viewSeal } from './view-seal.ts';

export const sealApplicationSchema = z.strictObject({
  kind: z.enum(['unit', 'personal']).default('unit'),
  name: writtenText(120),
  /** What it is for; stands on a unit seal below the star. */
  purpose: writtenText(12).default('电子证照专用章'),
  /** Whose personal seal it is. */
  personName: writtenText(20).optional(),
  years: z.int().min(1).max(10).default(5),
  reason: writtenText(1000).optional(),
});
export type SealApplication = z.infer<typeof sealApplicationSchema>;

/** Throws `ORGANISATION_NOT_ACTIVE`; `REQUEST_INVALID` for a personal seal of nobody. */
export async function applyForSeal(
  house: House,
  caller: Caller,
  input: SealApplication,
  remember?: Remember<SealView>,
): Promise<SealView> {
  requireRole(caller, 'issuer.seal-keeper');
  const organisationCode = requireOrganisation(caller);
  await requireActive(house, organisationCode);
  const isPersonal = input.kind === 'personal';
  if (isPersonal && !input.personName) throwFaults([{ pointer: '/personName', code: 'FIELD_REQUIRED' }]);
  if (!isPersonal && input.personName) throwFaults([{ pointer: '/personName', code: 'FIELD_UNKNOWN' }]);
  const { kind, name, purpose, years } = input;
  const wanted = { organisationCode, kind, name, purpose, years, personName: input.personName ?? null, renews: null };
  return withTransaction(house.db, async (tx) => {
    const view = viewSeal(await storeApplication(house, tx, caller, wanted, input.reason ?? null));
    await remember?.(tx, view);
    return view;
  });
}

type Wanted = Pick<SealColumns, 'organisationCode' | 'kind' | 'name' | 'purpose' | 'personName' | 'years' | 'renews'>;

/** A seal that is applied for, in a given transaction: nothing of it is made. */
export async function storeApplication(
  house: House,
  tx: Tx,
  caller: Caller,
  wanted: Wanted,
  reason: string | null,
): Promise<SealColumns> {
  const row: SealColumns = {
    ...wanted,
    id: house.newId(),
    state: 'applied',
    appliedBy: caller.id,
    ...{ origin: null, sesVersion: null, esId: null, eseal: null, picture: null, sm2KeyId: null, rsaKeyId: null },
    ...{ service: null, certificates: null, validFrom: null, validTo: null },
    createdAt: house.clock(),
  };
  await house.db.rows.seals.create(row, { transaction: tx });
  await recordChange(house, tx, caller, { sealId: row.id, act: 'apply', fromState: null, toState: 'applied', reason });
  const details = { sealId: row.id, organisationCode: row.organisationCode, kind: row.kind, renews: row.renews };
  await appendAudit(house, tx, caller, { act: 'seal.apply', details });
  return row;
}
