/** Open a use (用证码): one caller, one case, one matter, one person, one purpose, for a short time. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit, logAccess } from '../audit/append-audit.ts';
import { holderNumberHolds } from '../holder/check-number.ts';
import { defaultNumberType } from '../holder/find-or-add-holder.ts';
import { indexHolderNumber } from '../holder/index-number.ts';
import type { Caller, House, Remember } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { type PointedFault, throwFaults } from '../kernel/fault.ts';
import { toBase32 } from '../kernel/ids.ts';
import { writtenText } from '../kernel/written-text.ts';
import { requireActive } from '../organisation/require-active.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { checkPurpose } from './check-purpose.ts';
import { CONSUMER_ROLES } from './get-use.ts';
import type { UseColumns } from './rows.ts';

export const useSchema = z.strictObject({
  case: writtenText(64),
  matter: z.string().min(1).max(64),
  purpose: writtenText(200, 2),
  holder: z.strictObject({
    type: z.enum(['natural', 'legal']),
    number: z.string().min(4).max(64),
    /** GB/T 36903 Annex A; default 001 for legal and 111 for natural persons. */
    numberType: z
      .string()
      .regex(/^\d{3}$/)
      .optional(),
  }),
});

export interface OpenedUse {
  readonly useCode: string;
  readonly expiresAt: string;
}

const USE_MINUTES = 30;

export async function openUse(
  house: House,
  caller: Caller,
  input: z.infer<typeof useSchema>,
  remember?: Remember<OpenedUse>,
): Promise<OpenedUse> {
  requireRole(caller, ...CONSUMER_ROLES);
  const organisationCode = requireOrganisation(caller);
  await requireActive(house, organisationCode);
  throwFaults([...checkPurpose(house, input.purpose), ...checkHolder(input.holder)]);
  const matter = await house.db.rows.matters.findOne({ where: { code: input.matter, organisationCode } });
  const holderIndex = indexHolderNumber(house, input.holder.number);
  if (!matter) {
    const facts = { caseNumber: input.case, matterCode: input.matter, purpose: input.purpose, holderIndex };
    await logAccess(house, caller, { act: 'use.open', outcome: 'refused', ...facts });
    throwFaults([{ pointer: '/matter', code: 'MATTER_UNKNOWN' }]);
  }
  const useCode = toBase32(house.random(25));
  const now = house.clock();
  const row: UseColumns = {
    id: house.newId(),
    codeDigest: sm3Hex(useCode),
    callerId: caller.id,
    organisationCode,
    caseNumber: input.case,
    matterCode: input.matter,
    purpose: input.purpose,
    holderIndex,
    holderType: input.holder.type,
    createdAt: now,
    expiresAt: new Date(now.getTime() + USE_MINUTES * 60_000),
  };
  const opened: OpenedUse = { useCode, expiresAt: row.expiresAt.toISOString() };
  await withTransaction(house.db, async (tx) => {
    await house.db.rows.uses.create(row, { transaction: tx });
    const { caseNumber, matterCode, purpose } = row;
    await appendAudit(house, tx, caller, {
      act: 'use.open',
      caseNumber,
      matterCode,
      purpose,
      holderIndex,
      details: { useId: row.id },
    });
    await remember?.(tx, opened);
  });
  return opened;
}

/** A number mistyped would look like a person without licences. */
function checkHolder({ type, number, numberType }: z.infer<typeof useSchema>['holder']): PointedFault[] {
  if (holderNumberHolds(numberType ?? defaultNumberType(type), number)) return [];
  return [{ pointer: '/holder/number', code: 'HOLDER_NUMBER_WRONG' }];
}
