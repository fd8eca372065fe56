/** What a thread that seals is told of a key: the key itself, as a value, or where it is. Only plain values, so that it
 *  can be sent to a worker. */
import type { RemoteKeyReference } from './remote-key.ts';

interface Certified {
  /** DER, the key's own certificate first, its issuers after it. */
  readonly certificates: readonly Uint8Array[];
}

/** A key in this process, PKCS#8 DER. */
export interface SoftwareSigner extends Certified {
  readonly kind: 'software';
  readonly pkcs8: Uint8Array;
}

/** A key at a signing service: reached by whoever opens it. */
export interface RemoteSigner extends Certified, RemoteKeyReference {
  readonly kind: 'remote';
}

export type KeyMaterial = SoftwareSigner | RemoteSigner;
