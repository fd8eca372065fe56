/** Keys at a signing service: POST /sign takes a digest and gives a signature, GET /keys names the keys. */
import { z } from 'zod';
import { Fault } from '../../models/kernel/fault.ts';
import { parseCertificate, type RemoteKeyReference, type SignDigest, SigningError } from '../../signing/index.ts';
import { ask, read, type ServiceLine } from './service-line.ts';

const signatureSchema = z.object({ signature: z.base64().min(1).max(4096) });
const keysSchema = z.object({
  keys: z
    .array(
      z.object({
        keyId: z.string().min(1).max(190),
        algorithm: z.enum(['SM2', 'RSA']),
        certificates: z.array(z.base64()).min(1).max(10),
      }),
    )
    .max(1000),
});

/** The port by which remote keys sign (signing/keys/remote-key.ts). Rejects with KEY_SERVICE_UNAVAILABLE or
 *  KEY_SERVICE_REFUSED. Whether the signature is right is for the remote key to find out. */
export function makeSignDigest(line: ServiceLine): SignDigest {
  return async (keyId, algorithm, digest) => {
    const facts = { keyId, algorithm, digest: Buffer.from(digest).toString('base64') };
    const { signature } = await ask(line, '/sign', facts, signatureSchema);
    return new Uint8Array(Buffer.from(signature, 'base64'));
  };
}

export interface ServiceKeyFacts extends RemoteKeyReference {
  /** DER, the key's own first. */
  readonly certificates: readonly Uint8Array[];
}

/** What keys the service has. Rejects as above, and with KEY_SERVICE_REFUSED when a certificate cannot be read. */
export async function listServiceKeys(line: ServiceLine): Promise<ServiceKeyFacts[]> {
  const { keys } = await read(line, '/keys', keysSchema);
  try {
    return keys.map(({ keyId, algorithm, certificates }) => {
      const chain = certificates.map((text) => new Uint8Array(Buffer.from(text, 'base64')));
      const { publicKey } = parseCertificate(chain[0] ?? new Uint8Array());
      return { keyId, algorithm, publicKey, certificates: chain };
    });
  } catch (cause) {
    if (cause instanceof SigningError) throw new Fault('KEY_SERVICE_REFUSED', { detail: 'CERTIFICATE', cause });
    throw cause;
  }
}
