/** A department subscribes to changes: where to, of which licence types, which acts, and how notices are signed. It is
 *  told of what happens from now on. */
import { z } from 'zod';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { requireActive } from '../organisation/require-active.ts';
import { givePositions } from '../publication/give-positions.ts';
import { readHead } from '../publication/read-feed.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { subscribingBody } from './own-subscription.ts';
import type { SubscriptionColumns } from './rows.ts';
import { makeSecret } from './secrets.ts';
import { type SubscriptionWithSecret, viewSubscription } from './view-subscription.ts';

const codes = z.array(z.string().length(21)).min(1).max(500);
const acts = z.array(z.string().min(1).max(40)).min(1).max(30);

export const subscriptionSchema = z.strictObject({
  /** The bureau names the body; others are their own. */
  organisationCode: z.string().length(18).optional(),
  name: writtenText(120),
  url: z.string().min(1).max(2000),
  /** Left out: of every type the body may know of. */
  catalogueCodes: codes.optional(),
  /** Left out: all. */
  acts: acts.optional(),
  signing: z.enum(['hmac', 'sm2']).default('hmac'),
});
export type SubscriptionInput = z.infer<typeof subscriptionSchema>;

/** Null: again of everything. */
export const subscriptionChangeSchema = z.strictObject({
  name: writtenText(120).optional(),
  url: z.string().min(1).max(2000).optional(),
  catalogueCodes: codes.nullable().optional(),
  acts: acts.nullable().optional(),
  state: z.enum(['active', 'paused']).optional(),
});
export type SubscriptionChange = z.infer<typeof subscriptionChangeSchema>;

/** The address has been judged already. Throws `FORBIDDEN`, `ORGANISATION_NOT_ACTIVE`. */
export async function saveSubscription(
  house: House,
  caller: Caller,
  input: SubscriptionInput,
  remember?: Remember<SubscriptionWithSecret>,
): Promise<SubscriptionWithSecret> {
  const own = subscribingBody(caller);
  const organisationCode = own ?? input.organisationCode;
  if (!organisationCode) throwFaults([{ pointer: '/organisationCode', code: 'FIELD_REQUIRED' }]);
  if (own && input.organisationCode && input.organisationCode !== own)
    throwFaults([{ pointer: '/organisationCode', code: 'FORBIDDEN' }]);
  await requireActive(house, organisationCode ?? '');
  await givePositions(house);
  const { secret, secretCipher } = input.signing === 'hmac' ? makeSecret(house) : { secret: null, secretCipher: null };
  return withTransaction(house.db, async (tx) => {
    const row: SubscriptionColumns = {
      ...{ id: house.newId(), organisationCode: organisationCode ?? '', name: input.name, url: input.url },
      ...{ catalogueCodes: input.catalogueCodes ?? null, acts: input.acts ?? null, signing: input.signing },
      ...{ secretCipher, previousSecretCipher: null, previousUntil: null, state: 'active', reason: null },
      ...{ position: await readHead(house, tx), failures: 0, failingSince: null, restUntil: null },
      ...{ lastSuccessAt: null, lastDurationMs: 0, createdAt: house.clock(), createdBy: caller.id },
    };
    await house.db.rows.subscriptions.create(row, { transaction: tx });
    const { id: subscriptionId, catalogueCodes, signing } = row;
    const details = { done: 'add', subscriptionId, organisationCode, catalogueCodes, acts: row.acts, signing };
    await appendAudit(house, tx, caller, { act: 'subscription.manage', details });
    const view = { ...viewSubscription(row), secret };
    await remember?.(tx, view);
    return view;
  });
}
