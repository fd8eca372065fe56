/** Shared secrets of subscriptions, in the form of Standard Webhooks: `whsec_` and base64. Encrypted at rest. */
import type { House } from '../house.ts';
import type { SubscriptionColumns } from './rows.ts';

const CONTEXT = 'subscriptions.secret';
const SECRET_BYTES = 32;
/** So long the secret before signs too after a rotation. */
export const OVERLAP_HOURS = 24;

export function makeSecret(house: House): { readonly secret: string; readonly secretCipher: string } {
  const secret = `whsec_${Buffer.from(house.random(SECRET_BYTES)).toString('base64')}`;
  return { secret, secretCipher: house.cipher.encrypt(CONTEXT, secret) };
}

/** The secrets that sign now, the newest first. */
export function openSecrets(
  house: House,
  row: Pick<SubscriptionColumns, 'secretCipher' | 'previousSecretCipher' | 'previousUntil'>,
): string[] {
  const overlaps = row.previousUntil !== null && row.previousUntil > house.clock();
  const ciphers = [row.secretCipher, overlaps ? row.previousSecretCipher : null];
  return ciphers.flatMap((cipher) => (cipher === null ? [] : [house.cipher.decrypt(CONTEXT, cipher)]));
}
