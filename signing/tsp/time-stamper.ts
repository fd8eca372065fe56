/** The port to a time-stamp authority: the floors above know how to reach one, this floor knows what to ask. */

export type ImprintHash = 'sha256' | 'sm3';

export interface TimeStamper {
  /** The digest the authority is asked over: SM3 for SM2 signatures, SHA-256 for RSA ones. */
  readonly hash: ImprintHash;
  /** Digest by `hash` → TimeStampToken, DER (RFC 3161 §2.4.2). Rejects when no token is to be had. */
  stamp(digest: Uint8Array): Promise<Uint8Array>;
}
