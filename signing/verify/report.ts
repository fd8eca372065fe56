/** What a verification says: named checks with outcomes and closed codes, in words and as JSON. */

export type CheckName =
  | 'structure'
  | 'digest'
  | 'signature'
  | 'seal'
  | 'certificate'
  | 'trust'
  | 'time'
  | 'revocation'
  | 'coverage'
  | 'status'
  | 'dispute';

/** `warned`: a deviation seen in genuine files that proves nothing wrong; the file stays valid. */
export type Outcome = 'passed' | 'warned' | 'failed' | 'not-judged';

export interface Check {
  readonly name: CheckName;
  readonly outcome: Outcome;
  /** A closed code; always present unless passed. */
  readonly code?: string;
  /** Which file of the package, which signature, which revision. */
  readonly where?: string;
  readonly zh: string;
  readonly en: string;
}

export interface VerificationReport {
  readonly format: 'ofd' | 'pdf' | 'unknown';
  readonly signed: boolean;
  /** False when anything failed, the file is unsigned, was changed after signing, or `trusted` is false. */
  readonly valid: boolean;
  /** Null when no trust anchors were given: trust is then not judged. */
  readonly trusted: boolean | null;
  readonly checks: readonly Check[];
}

/** What a verifier is given beside the file. Times are instants. */
export interface VerificationPolicy {
  /** DER certificates: self-signed ones are anchors (of signers and seal makers), others fill gaps in chains.
   *  Undefined: trust is not judged. */
  readonly certificates?: readonly Uint8Array[];
  /** DER certificate revocation lists. */
  readonly crls?: readonly Uint8Array[];
  /** DER certificates of accepted seal makers (制章人), or of authorities that issue to makers only.
   *  Undefined: any maker whose certificate leads to an anchor. */
  readonly sealMakers?: readonly Uint8Array[];
  /** The moment of judging. */
  readonly at: Date;
}
