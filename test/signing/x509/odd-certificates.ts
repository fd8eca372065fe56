/** SM2 certificates written by hand (RFC 5280 §4.1, GM/T 0015), each odd or wrong in one point. Keys and signatures are of
 *  textbook arithmetic: nothing that is judged took part in making them. */
import {
  CURVE,
  DEFAULT_ID,
  derOf,
  int,
  type Key,
  keyOf,
  pointBytes,
  seeded,
  seq,
  sign,
  spkiOf,
  tlv,
} from '../../vectors/edge-maker.ts';
import { bytesOf, numberOf, signDigest, sm3Of, type Value } from '../../vectors/textbook-sm2.ts';

export const bytes = (...parts: readonly (Uint8Array | number)[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'number' ? Buffer.of(part) : part)));
const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const text = (tag: number, value: string): Buffer => tlv(tag, Buffer.from(value));

export const utcTime = (value: string): Buffer => text(0x17, value);
export const generalTime = (value: string): Buffer => text(0x18, value);
export const NULL = hex('0500');
export const SM2_WITH_SM3 = hex('06082a811ccf55018375');
export const TRUE = hex('0101ff');

export const nameOf = (commonName: string): Buffer => seq(tlv(0x31, seq(hex('0603550403'), text(0x0c, commonName))));

/** An extension; `critical` as it stands, so that it can be wrong. */
export const extension = (id: string, value: Uint8Array, critical: Uint8Array = Buffer.alloc(0)): Buffer =>
  seq(tlv(6, hex(id)), critical, tlv(4, value));
export const keyUsage = (bits: string, critical = TRUE): Buffer => extension('551d0f', tlv(3, hex(bits)), critical);
export const basicConstraints = (value: Uint8Array): Buffer => extension('551d13', value, TRUE);

export const CA_KEY = keyOf(seeded('odd certificates ca'));
export const LEAF_KEY = keyOf(seeded('odd certificates leaf'));
export const AUTHORITY = nameOf('Odd CA');
export const AUTHORITY_EXTENSIONS: readonly Buffer[] = [basicConstraints(seq(TRUE)), keyUsage('0106')];

/** Every part of a certificate; what is left out is right. */
export interface Parts {
  /** The [0], whole; empty for version 1. */
  readonly version?: Uint8Array;
  readonly serial?: Uint8Array;
  /** AlgorithmIdentifier inside and outside of what is signed. */
  readonly inner?: Uint8Array;
  readonly outer?: Uint8Array;
  readonly issuer?: Uint8Array;
  readonly from?: Uint8Array;
  readonly to?: Uint8Array;
  readonly subject?: Uint8Array;
  readonly key?: Uint8Array;
  /** Between key and extensions. */
  readonly between?: Uint8Array;
  readonly extensions?: readonly Uint8Array[] | undefined;
  readonly by?: Key;
  readonly value?: (tbs: Buffer) => Uint8Array;
  readonly unusedBits?: number;
  readonly id?: string;
  readonly finish?: (certificate: Buffer) => Buffer;
}

const algorithm = seq(SM2_WITH_SM3);

export function certificateOf(parts: Parts): Buffer {
  const { by = CA_KEY, id = DEFAULT_ID.toString(), extensions = [keyUsage('06c0')] } = parts;
  const tbs = seq(
    parts.version ?? hex('a003020102'),
    parts.serial ?? int(4711n),
    parts.inner ?? algorithm,
    parts.issuer ?? AUTHORITY,
    seq(parts.from ?? utcTime('260101000000Z'), parts.to ?? utcTime('360101000000Z')),
    parts.subject ?? nameOf('Odd leaf'),
    parts.key ?? spkiOf(pointBytes(LEAF_KEY.point)),
    parts.between ?? Buffer.alloc(0),
    'extensions' in parts && parts.extensions === undefined ? Buffer.alloc(0) : tlv(0xa3, seq(...extensions)),
  );
  const value = parts.value?.(tbs) ?? derOf(sign(by, Buffer.from(id), tbs, 'certificate'));
  const certificate = seq(tbs, parts.outer ?? algorithm, tlv(3, bytes(parts.unusedBits ?? 0, value)));
  return parts.finish?.(certificate) ?? certificate;
}

export const authorityOf = (parts: Parts = {}): Buffer =>
  certificateOf({
    subject: AUTHORITY,
    serial: int(1n),
    key: spkiOf(pointBytes(CA_KEY.point)),
    extensions: AUTHORITY_EXTENSIONS,
    ...parts,
  });

export const right = (tbs: Buffer): Value => sign(CA_KEY, DEFAULT_ID, tbs, 'certificate');
export const rawOf = ({ r, s }: Value): Buffer => bytes(bytesOf(r), bytesOf(s));
/** Without Z_A: as if the message had been hashed alone. */
export function withoutIdentity(tbs: Buffer): Buffer {
  const value = signDigest(CURVE, CA_KEY.d, numberOf(sm3Of(tbs)), seeded('nonce without identity'));
  if (value === undefined) throw new RangeError('another nonce is needed');
  return derOf(value);
}
/** The leaf's point in another form: compressed (2, 3) or hybrid (6, 7). */
export function pointForm([x, y]: Key['point'], first: 2 | 6): Buffer {
  return bytes(first + Number(y & 1n), bytesOf(x), first === 6 ? bytesOf(y) : Buffer.alloc(0));
}
