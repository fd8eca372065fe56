/** Keys behind one contract, so that a certified device can stand where software keys stand. */

export type KeyAlgorithm = 'SM2' | 'RSA';

/** A private key that can be used and not be seen. */
export interface SigningKey {
  readonly algorithm: KeyAlgorithm;
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** Sign a message. SM2: SM2 with SM3, Z_A of the default ID, DER SEQUENCE{r,s}. RSA: PKCS#1 v1.5 with SHA-256. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}
