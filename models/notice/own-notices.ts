/** Whose notices a caller reads: those of its body, of the bureau, or its own as a holder. */
import { requireRole } from '../account/require-role.ts';
import type { Role } from '../account/roles.ts';
import type { Caller } from '../house.ts';
import type { Recipient } from './rows.ts';

const OF_A_BODY: readonly Role[] = [
  ...(['issuer.clerk', 'issuer.reviewer', 'issuer.seal-keeper', 'consumer.window', 'consumer.approver'] as const),
];
const OF_THE_BUREAU: readonly Role[] = ['bureau.officer', 'bureau.supervisor'];

/** Throws `FORBIDDEN` for a caller who is never told anything. */
export function ownRecipients(caller: Caller): Recipient[] {
  requireRole(caller, ...OF_A_BODY, ...OF_THE_BUREAU, 'holder');
  const has = (roles: readonly Role[]) => roles.some((role) => caller.roles.includes(role));
  const recipients: Recipient[] = [];
  if (has(OF_A_BODY) && caller.organisationCode) recipients.push(`body:${caller.organisationCode}`);
  if (has(OF_THE_BUREAU)) recipients.push('bureau');
  if (has(['holder']) && caller.holderId) recipients.push(`holder:${caller.holderId}`);
  return recipients;
}
