/** Put a review rule in force: the issuer's seal keeper states it, and the issuer's own seal key signs it. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { findNewestEntry } from '../catalogue/find-entry.ts';
import type { Caller, House, Remember } from '../house.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import { openSealKey } from '../seal/open-seal.ts';
import { closeSealUse } from '../seal/seal-use.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { ReviewRuleDefinition } from './review-rule.ts';

export const reviewRuleSchema = z.strictObject({
  catalogueCode: z.string().length(21),
  sources: z.array(z.enum(['front-end', 'api', 'sheet'])).min(1),
  coversCommitment: z.boolean().default(false),
  from: z.iso.date(),
  to: z.iso.date(),
});

export async function saveReviewRule(
  house: House,
  caller: Caller,
  input: z.infer<typeof reviewRuleSchema>,
  remember?: Remember<ReviewRuleDefinition>,
): Promise<ReviewRuleDefinition> {
  requireRole(caller, 'issuer.seal-keeper');
  const issuingBody = requireOrganisation(caller);
  const entry = await findNewestEntry(house, input.catalogueCode);
  if (!entry) throwFaults([{ pointer: '/catalogueCode', code: 'CATALOGUE_UNKNOWN' }]);
  if (entry?.issuingBody !== issuingBody) throw new Fault('FOREIGN_ISSUER');
  if (input.to < input.from) throwFaults([{ pointer: '/to', code: 'VALIDITY_BACKWARDS' }]);
  const definition: ReviewRuleDefinition = { ...input, ruleId: house.newId(), issuingBody };
  const { ruleId } = definition;
  const { key, keyId } = await openSealKey(house, caller, issuingBody, ruleId);
  const signature = Buffer.from(await key.sign(Buffer.from(canonicalJson(definition))));
  const common = { id: ruleId, issuingBody, catalogueCode: input.catalogueCode, createdBy: caller.id };
  await withTransaction(house.db, async (tx) => {
    const row = { ...common, definition, signature, keyId, state: 'in-force' as const, createdAt: house.clock() };
    await house.db.rows.reviewRules.create(row, { transaction: tx });
    await closeSealUse(house, tx, { subject: 'review-rule', subjectId: ruleId }, 'done');
    await appendAudit(house, tx, caller, {
      act: 'rule.save',
      details: { ruleId, catalogueCode: input.catalogueCode },
    });
    await remember?.(tx, definition);
  });
  return definition;
}
