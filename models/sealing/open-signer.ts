/** Signing keys opened from the values a task carries. Opening costs a tenth of a sealing, so a thread keeps what it opened,
 *  as the process that sends the tasks does. */
import { createHash } from 'node:crypto';
import { type CertifiedKey, type SigningKey, softwareKeyFromPkcs8 } from '../../signing/index.ts';
import type { SignerMaterial } from './sealer.ts';

const MOST_KEPT = 256;
const opened = new Map<string, SigningKey>();

export function openSigner({ pkcs8, certificates }: SignerMaterial): CertifiedKey {
  const id = createHash('sha256').update(pkcs8).digest('base64');
  const key = opened.get(id) ?? softwareKeyFromPkcs8(pkcs8);
  if (opened.size >= MOST_KEPT) opened.clear();
  opened.set(id, key);
  return { key, certificate: certificates[0] ?? new Uint8Array() };
}
