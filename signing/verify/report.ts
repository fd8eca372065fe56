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
export const OUTCOMES = ['passed', 'warned', 'failed', 'not-judged'] as const;

export type Outcome = (typeof OUTCOMES)[number];

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

/** What a certificate says of itself. Names hold no personal numbers (see certificate-facts.ts). */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  /** Hexadecimal. */
  readonly serial: string;
  /** ISO 8601 in UTC, as all times of a report. */
  readonly validFrom: string;
  readonly validTo: string;
  readonly key: 'SM2' | 'RSA' | 'EC' | 'other';
  /** Bits of the modulus or of the field; null for a key that is not known. */
  readonly bits: number | null;
}

/** What one signature says and what it covers: facts, not judgements. */
export interface SignatureFacts {
  /** The `where` of its checks. */
  readonly where: string;
  readonly kind: 'seal' | 'signature' | 'time-stamp';
  /** The seal it presses; null for a signature without one. */
  readonly seal: {
    readonly name: string;
    /** Subject of the maker's certificate (制章人). */
    readonly maker: string;
    readonly validFrom: string;
    readonly validTo: string;
  } | null;
  /** What the signer says; null when nothing is said. */
  readonly claimedAt: string | null;
  /** What a trusted time-stamp proves. */
  readonly provenAt: string | null;
  /** Names as people use them (`SM3`, `SHA-256`; `SM2`, `RSA`, `RSA-PSS`, `ECDSA`); null when not known. */
  readonly digestAlgorithm: string | null;
  readonly signatureAlgorithm: string | null;
  /** The signer's; null when it is missing or cannot be read. */
  readonly certificate: CertificateFacts | null;
  /** Above the signer's, up to the anchor when there is a path, else what the file brings along. */
  readonly chain: readonly CertificateFacts[];
  /** `files` of a package or `bytes` of a PDF; `whole` when nothing that could be signed is left out. */
  readonly covers: { readonly unit: 'files' | 'bytes'; readonly count: number; readonly whole: boolean };
}

export interface VerificationReport {
  readonly format: 'ofd' | 'pdf' | 'unknown';
  readonly signed: boolean;
  /** False when anything failed, the file is unsigned, was changed after signing, or `trusted` is false. */
  readonly valid: boolean;
  /** Null when no trust anchors were given: trust is then not judged. */
  readonly trusted: boolean | null;
  readonly checks: readonly Check[];
  /** In the order of the file; left out when the file could not be read. */
  readonly signatures?: readonly SignatureFacts[];
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
  /** How long after its nextUpdate a revocation list still counts, in milliseconds; default 0. */
  readonly crlGraceMs?: number;
  /** The moment of judging. */
  readonly at: Date;
}
