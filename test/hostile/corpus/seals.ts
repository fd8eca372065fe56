/** Seals and stamps of any generation and shape (GM/T 0031-2014, GB/T 38540-2020, GM/T 0031-2025), wrong ones included,
 *  written without the code that is judged. */
import { createHash } from 'node:crypto';
import {
  bitString,
  certificateTime,
  element,
  explicit,
  generalizedTime,
  ia5String,
  integer,
  octetString,
  oid,
  printableString,
  sequence,
  utf8String,
} from '../../../signing/der/write-der.ts';
import { type Person, SM2_WITH_SM3 } from './certificates.ts';

export type Generation = 1 | 4 | 5;

export interface SealWords {
  readonly version?: Generation;
  /** What the header says, where it is not the version. */
  readonly headerVersion?: number;
  readonly header?: string;
  readonly maker: Person;
  /** Certificates that may press it. */
  readonly signers: readonly Uint8Array[];
  /** 2: digests under this name of the algorithm. */
  readonly digestsBy?: string;
  readonly digest?: (der: Uint8Array) => Uint8Array;
  readonly listType?: number;
  readonly name?: string;
  readonly esId?: string;
  readonly from?: string;
  readonly to?: string;
  readonly pictureType?: string;
  readonly picture?: Uint8Array;
  readonly extensions?: Uint8Array;
  readonly algorithm?: string;
  /** What stands in the BIT STRING of the maker. */
  readonly value?: (signed: Uint8Array) => Uint8Array;
  readonly bits?: (value: Uint8Array) => Uint8Array;
  /** The certificate shown as the maker's. */
  readonly makerCertificate?: Uint8Array;
  /** Gives a token over the maker's value, put beside it in version 5. */
  readonly timeStamp?: (value: Uint8Array) => Uint8Array;
}

export const sm3Of = (bytes: Uint8Array): Uint8Array => createHash('sm3').update(bytes).digest();

function signerList({ signers, digestsBy, digest = sm3Of, version = 4, listType }: SealWords): Uint8Array[] {
  const whole = sequence(...signers.map(octetString));
  if (version === 1) return [whole];
  if (digestsBy === undefined) return [integer(listType ?? 1), whole];
  const rows = signers.map((der) => sequence(printableString(digestsBy), octetString(digest(der))));
  return [integer(listType ?? 2), sequence(...rows)];
}

/** SESeal. */
export function encodeSeal(words: SealWords): Uint8Array {
  const { version = 4, maker, from = '2026-05-01', to = '2028-01-01' } = words;
  const time = version === 1 ? certificateTime : generalizedTime;
  const dates = [from, from, to].map((date) => time(new Date(date)));
  const property = sequence(integer(1), utf8String(words.name ?? '外来公章'), ...signerList(words), ...dates);
  const picture = words.picture ?? Buffer.alloc(300, 7);
  const info = sequence(
    sequence(ia5String(words.header ?? 'ES'), integer(words.headerVersion ?? version), ia5String('Elsewhere')),
    ia5String(words.esId ?? '50011200000399'),
    property,
    sequence(ia5String(words.pictureType ?? 'png'), octetString(picture), integer(40), integer(40)),
    ...(words.extensions ? [words.extensions] : []),
  );
  const { value = maker.sign, bits = bitString } = words;
  const shown = octetString(words.makerCertificate ?? maker.certificate);
  const algorithm = oid(words.algorithm ?? SM2_WITH_SM3);
  if (version === 1) {
    return sequence(info, sequence(shown, algorithm, bits(value(sequence(info, shown, algorithm)))));
  }
  const made = value(info);
  const proof = words.timeStamp ? [explicit(0, bitString(words.timeStamp(made)))] : [];
  return sequence(info, shown, algorithm, bits(made), ...proof);
}

export interface StampWords {
  readonly version?: Generation;
  readonly stampVersion?: number;
  readonly seal: Uint8Array;
  readonly signer: Person;
  readonly dataHash: Uint8Array;
  readonly propertyInfo?: string;
  readonly at?: string;
  /** The element that tells the time. */
  readonly time?: Uint8Array;
  readonly hashElement?: (hash: Uint8Array) => Uint8Array;
  readonly algorithm?: string;
  readonly certificate?: Uint8Array;
  readonly extensions?: Uint8Array;
  readonly value?: (signed: Uint8Array) => Uint8Array;
  readonly bits?: (value: Uint8Array) => Uint8Array;
  /** Gives a token over the value, put beside it. */
  readonly timeStamp?: (value: Uint8Array) => Uint8Array;
}

export const SIGNED_AT = '2026-06-02T03:04:05Z';

/** SES_Signature. */
export function encodeStamp(words: StampWords): Uint8Array {
  const { version = 4, seal, signer, at = SIGNED_AT, hashElement = bitString } = words;
  const certificate = octetString(words.certificate ?? signer.certificate);
  const algorithm = oid(words.algorithm ?? SM2_WITH_SM3);
  const first = version === 1;
  const time = words.time ?? (first ? certificateTime(new Date(at)) : generalizedTime(new Date(at)));
  const tbs = sequence(
    integer(words.stampVersion ?? version),
    seal,
    time,
    hashElement(words.dataHash),
    ia5String(words.propertyInfo ?? ''),
    ...(words.extensions ? [explicit(0, words.extensions)] : []),
    ...(first ? [certificate, algorithm] : []),
  );
  const { value = signer.sign, bits = bitString } = words;
  const made = value(tbs);
  const proof = words.timeStamp ? [explicit(0, bitString(words.timeStamp(made)))] : [];
  return first ? sequence(tbs, bits(made)) : sequence(tbs, certificate, algorithm, bits(made), ...proof);
}

/** r and s of SEQUENCE{r,s}, 32 bytes each. */
export function rawOf(der: Uint8Array): readonly [r: Buffer, s: Buffer] {
  const take = (at: number): Buffer => {
    const bytes = Buffer.from(der.subarray(at + 2, at + 2 + (der[at + 1] ?? 0)));
    return Buffer.concat([Buffer.alloc(33), bytes]).subarray(-32);
  };
  return [take(2), take(4 + (der[3] ?? 0))];
}

/** BIT STRING whose first byte is not zero, as some vendors write it. */
export const withUnusedBits = (unused: number) => (value: Uint8Array) => element(3, Uint8Array.of(unused), value);
