/** Signing keys opened from the values a task carries. Opening costs a tenth of a sealing, so a thread keeps what it opened,
 *  as the process that sends the tasks does. A key that lies outside is asked there each time. */
import { createHash } from 'node:crypto';
import {
  type CertifiedKey,
  type KeyMaterial,
  remoteKey,
  type SigningKey,
  softwareKeyFromPkcs8,
} from '../../signing/index.ts';
import { Fault } from '../kernel/fault.ts';
import type { Outside } from './outside.ts';

const MOST_KEPT = 256;
const opened = new Map<string, SigningKey>();

/** Throws `KEY_SERVICE_UNAVAILABLE` for a key outside when no signing service is connected. */
export function openSigner(material: KeyMaterial, outside: Pick<Outside, 'signDigest'>): CertifiedKey {
  const certificate = material.certificates[0] ?? new Uint8Array();
  if (material.kind === 'software') return { key: openHere(material.pkcs8), certificate };
  if (!outside.signDigest) throw new Fault('KEY_SERVICE_UNAVAILABLE');
  return { key: remoteKey(material, outside.signDigest), certificate };
}

function openHere(pkcs8: Uint8Array): SigningKey {
  const id = createHash('sha256').update(pkcs8).digest('base64');
  const key = opened.get(id) ?? softwareKeyFromPkcs8(pkcs8);
  if (opened.size >= MOST_KEPT) opened.clear();
  opened.set(id, key);
  return key;
}
