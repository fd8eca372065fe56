/** Sign a notice as Standard Webhooks says: over id, time and body, with HMAC-SHA256 (`v1`) under each secret that holds, or
 *  with SM2 over SM3 by the repository's key (`v1sm2`, DER in base64, the usual signer id of GM/T 0009). */
import { createHmac } from 'node:crypto';
import type { SigningKey } from '../../signing/index.ts';

export interface NoticeHeaders extends Readonly<Record<string, string>> {
  readonly 'webhook-id': string;
  /** Seconds since 1970 of this attempt. */
  readonly 'webhook-timestamp': string;
  /** One or more of `version,signature`, with spaces between. */
  readonly 'webhook-signature': string;
}

export type NoticeSigner =
  | { readonly secrets: readonly string[] }
  | { readonly key: SigningKey; readonly keyId: string };

export async function signNotice(signer: NoticeSigner, id: string, at: Date, body: string): Promise<NoticeHeaders> {
  const timestamp = String(Math.floor(at.getTime() / 1000));
  const text = `${id}.${timestamp}.${body}`;
  const common = { 'webhook-id': id, 'webhook-timestamp': timestamp };
  if ('secrets' in signer) {
    const signatures = signer.secrets.map((secret) => `v1,${hmac(secret, text)}`);
    return { ...common, 'webhook-signature': signatures.join(' ') };
  }
  const signature = Buffer.from(await signer.key.sign(Buffer.from(text))).toString('base64');
  return { ...common, 'webhook-signature': `v1sm2,${signature}`, 'webhook-key-id': signer.keyId };
}

function hmac(secret: string, text: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return createHmac('sha256', key).update(text).digest('base64');
}
