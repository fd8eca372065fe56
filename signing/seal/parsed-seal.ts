/** Electronic seals and stamps as read, whatever their generation. Raw slices are views of the bytes given. */
import type { CheckCode } from '../verify/check-words.ts';

/** Oddities seen in genuine stamps that prove nothing wrong; our own files never have them. */
export type SealDeviation = Extract<CheckCode, 'UNUSED_BITS' | 'RAW_SIGNATURE' | 'TEXT_TIME'>;

export interface SealPicture {
  /** png, gif, jpg, … or ofd (a nested package). */
  readonly type: string;
  readonly data: Uint8Array;
  readonly widthMm: number;
  readonly heightMm: number;
}

/** Who may press the seal: whole certificates, or their digests. */
export type SealSigners =
  | { readonly kind: 'certificates'; readonly certificates: readonly Uint8Array[] }
  | { readonly kind: 'digests'; readonly digests: readonly { readonly type: string; readonly value: Uint8Array }[] };

export interface ParsedSeal {
  /** 1: GM/T 0031-2014, 4: GB/T 38540-2020, 5: GM/T 0031-2025. */
  readonly version: number;
  readonly raw: Uint8Array;
  /** What the maker signed; in version 1 joined from its raw parts. */
  readonly signedBytes: Uint8Array;
  readonly vendor: string;
  readonly esId: string;
  /** 1 of a unit, 2 of a person; others occur. */
  readonly type: number;
  readonly name: string;
  readonly signers: SealSigners;
  readonly createdAt: Date;
  readonly validFrom: Date;
  readonly validTo: Date;
  readonly picture: SealPicture;
  readonly makerCertificate: Uint8Array;
  readonly signatureAlgorithm: string;
  /** DER SEQUENCE{r,s}. */
  readonly signature: Uint8Array;
  /** A time-stamp beside the maker's signature (version 5), and the bytes of the signature as they stood, which it is over. */
  readonly timeStamp?: { readonly token: Uint8Array; readonly over: Uint8Array };
  readonly deviations: readonly SealDeviation[];
}

export interface ParsedStamp {
  readonly version: number;
  readonly raw: Uint8Array;
  /** What the signer signed: TBS_Sign as it stood. */
  readonly signedBytes: Uint8Array;
  readonly seal: ParsedSeal;
  readonly signedAt: Date;
  readonly dataHash: Uint8Array;
  readonly propertyInfo: string;
  readonly certificate: Uint8Array;
  readonly signatureAlgorithm: string;
  /** DER SEQUENCE{r,s}. */
  readonly signature: Uint8Array;
  /** The bytes of the signature as they stood: what a time-stamp beside it is over. */
  readonly signatureBytes: Uint8Array;
  /** A time-stamp beside the signature: not covered by it. */
  readonly timeStamp: Uint8Array | undefined;
  /** A time-stamp in place of the time of signing (version 1): signed, so it is older than the signature. */
  readonly signedTimeStamp?: Uint8Array;
  readonly deviations: readonly SealDeviation[];
}
