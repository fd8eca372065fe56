/** What sealing asks of others while it goes on: keys at a signing service, seals at a seal service, time-stamps. Only the
 *  process knows how to reach them; a sealing thread reaches them through it (ask-outside.ts). */
import type { ImprintHash, SignDigest } from '../../signing/index.ts';
import type { PressRequest } from '../seal/seal-service.ts';

export interface Outside {
  /** Undefined: no signing service is connected. */
  readonly signDigest?: SignDigest | undefined;
  /** By a seal service's name. Rejects with `SEAL_SERVICE_MISSING` for one that is not connected. */
  readonly pressSeal: (service: string, request: PressRequest) => Promise<Uint8Array>;
  /** Authorities by what they are asked over. None connected: files carry no time-stamp. */
  readonly stamp: Readonly<Partial<Record<ImprintHash, (digest: Uint8Array) => Promise<Uint8Array>>>>;
}
