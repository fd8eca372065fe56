/** Who the provincial library is to us, and what travels between us. Bodies are JSON; signatures are SM2 with SM3 over
 *  the exact bytes, DER in base64. */

export interface Province {
  /** No trailing slash. */
  readonly url: string;
  /** SubjectPublicKeyInfo, DER: its receipts and lists are verified with it. */
  readonly publicKey: Uint8Array;
}

/** Header of a signature, in both directions. */
export const SIGNATURE_HEADER = 'x-zhengku-signature';

/** One licence or catalogue entry on its way. */
export interface ProvinceMessage {
  /** `licence:<identifier>` or `catalogue:<code>`. */
  readonly subject: string;
  readonly kind: 'licence' | 'catalogue';
  readonly sequence: number;
  /** SM3 over the canonical JSON of `record` and the files' names and digests. */
  readonly digest: string;
  readonly record: unknown;
  readonly files: readonly { readonly name: string; readonly sm3: string; readonly content: string }[];
}

/** What the province signs for each item. */
export interface ProvinceReceipt {
  readonly batchId: string;
  readonly subject: string;
  readonly sequence: number;
  readonly digest: string;
  /** `stale`: it holds a newer sequence already and has changed nothing. */
  readonly outcome: 'accepted' | 'stale' | 'refused';
  readonly reason?: string;
  readonly receivedAt: string;
}
