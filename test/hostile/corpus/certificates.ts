/** Certificates of any shape, wrong ones included (RFC 5280), written without the code that is judged. */
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  bitString,
  boolean,
  certificateTime,
  element,
  explicit,
  generalizedTime,
  integer,
  octetString,
  oid,
  sequence,
  setOf,
  utf8String,
} from '../../../signing/der/write-der.ts';
import { signSm2 } from '../../../signing/index.ts';

export const SM2_WITH_SM3 = '1.2.156.10197.1.501';

/** Whoever can sign. */
export interface Signer {
  /** SubjectPublicKeyInfo, DER. */
  readonly publicKey: Uint8Array;
  /** PKCS#8, DER. */
  readonly pkcs8: Uint8Array;
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Uint8Array;
  readonly sign: (message: Uint8Array) => Uint8Array;
}

/** A signer and its certificate, DER. */
export interface Person extends Signer {
  readonly certificate: Uint8Array;
}

export type KeyKind = 'SM2' | 'RSA' | 'RSA-1024' | 'RSA-512' | 'P-256' | 'P-384' | 'P-521' | 'secp256k1';

const CURVES: Partial<Record<KeyKind, readonly [curve: string, hash: string, algorithm: string]>> = {
  'P-256': ['prime256v1', 'sha256', '1.2.840.10045.4.3.2'],
  'P-384': ['secp384r1', 'sha384', '1.2.840.10045.4.3.3'],
  'P-521': ['secp521r1', 'sha512', '1.2.840.10045.4.3.4'],
  secp256k1: ['secp256k1', 'sha256', '1.2.840.10045.4.3.2'],
};

function pairOf(kind: KeyKind): { privateKey: KeyObject; publicKey: KeyObject } {
  const curve = kind === 'SM2' ? 'SM2' : CURVES[kind]?.[0];
  if (curve !== undefined) return generateKeyPairSync('ec', { namedCurve: curve });
  return generateKeyPairSync('rsa', { modulusLength: Number(kind.split('-')[1] ?? 2048) });
}

/** A signer with a new key. */
export function makeSigner(kind: KeyKind): Signer {
  const pair = pairOf(kind);
  const pkcs8 = pair.privateKey.export({ format: 'der', type: 'pkcs8' });
  const publicKey = pair.publicKey.export({ format: 'der', type: 'spki' });
  if (kind === 'SM2') {
    return { publicKey, pkcs8, algorithm: sequence(oid(SM2_WITH_SM3)), sign: (message) => signSm2(pkcs8, message) };
  }
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  const [, hash = 'sha256', algorithm] = CURVES[kind] ?? [];
  const named = algorithm ? sequence(oid(algorithm)) : sequence(oid('1.2.840.113549.1.1.11'), element(5));
  return { publicKey, pkcs8, algorithm: named, sign: (message) => sign(hash, message, key) };
}

export const nameOf = (commonName: string): Uint8Array =>
  sequence(setOf(sequence(oid('2.5.4.3'), utf8String(commonName))));

/** An extension of a certificate. */
export const extension = (id: string, value: Uint8Array, critical = false): Uint8Array =>
  sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value));

/** Bits of a key usage, by their numbers. */
export function keyUsage(...bits: readonly number[]): Uint8Array {
  const value = Buffer.alloc(2);
  for (const bit of bits) value[bit >> 3] = (value[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  const last = Math.max(...bits);
  const bytes = value.subarray(0, (last >> 3) + 1);
  return extension('2.5.29.15', element(3, Uint8Array.of(7 - (last & 7)), bytes), true);
}

export const SIGNS = keyUsage(0, 1);
export const ISSUES = keyUsage(5, 6);
export const authority = (pathLength?: number): Uint8Array =>
  extension('2.5.29.19', sequence(boolean(true), ...(pathLength === undefined ? [] : [integer(pathLength)])), true);
export const extendedUse = (id: string): Uint8Array => extendedUses([id], true);
export const extendedUses = (ids: readonly string[], critical = false): Uint8Array =>
  extension('2.5.29.37', sequence(...ids.map(oid)), critical);
export const UNKNOWN_CRITICAL = extension('1.2.3.4.5.6', octetString(Buffer.of(1)), true);

export interface CertificateWords {
  readonly name: string;
  /** Left out: signed with its own key. */
  readonly issuer?: Person | undefined;
  /** Issuer's name, where it is not the issuer's subject. */
  readonly issuerName?: string;
  readonly from?: string;
  readonly to?: string;
  readonly extensions: readonly Uint8Array[];
  readonly serial?: number;
}

export const [FROM, TO] = ['2026-01-01', '2030-01-01'] as const;

let serials = 1000;

/** The subject's name in a certificate. */
export function subjectOf(certificate: Uint8Array): Uint8Array {
  // TBSCertificate: version, serial, algorithm, issuer, validity, subject
  const next = (at: number): number => {
    const length = certificate[at + 1] ?? 0;
    if (length < 0x80) return at + 2 + length;
    const count = length & 0x7f;
    return (
      at + 2 + count + Number.parseInt(Buffer.from(certificate.subarray(at + 2, at + 2 + count)).toString('hex'), 16)
    );
  };
  const inside = (at: number): number =>
    (certificate[at + 1] ?? 0) < 0x80 ? at + 2 : at + 2 + ((certificate[at + 1] ?? 0) & 0x7f);
  let at = inside(inside(0));
  for (let passed = 0; passed < 5; passed += 1) at = next(at);
  return certificate.subarray(at, next(at));
}

/** Issue a certificate for a signer. */
export function certify(subject: Signer, words: CertificateWords): Person {
  const { name, issuer, issuerName, from = FROM, to = TO, extensions } = words;
  const by = issuer ?? subject;
  const above = issuerName ? nameOf(issuerName) : issuer ? subjectOf(issuer.certificate) : nameOf(name);
  const keyId = createHash('sha1').update(subject.publicKey).digest();
  const tbs = sequence(
    explicit(0, integer(2)),
    integer(words.serial ?? serials++),
    by.algorithm,
    above,
    sequence(certificateTime(new Date(from)), certificateTime(new Date(to))),
    nameOf(name),
    subject.publicKey,
    explicit(3, sequence(...extensions, extension('2.5.29.14', octetString(keyId)))),
  );
  return { ...subject, certificate: sequence(tbs, by.algorithm, bitString(by.sign(tbs))) };
}

/** A person of a name, with a new key, who may sign. */
export function makePerson(
  kind: KeyKind,
  name: string,
  issuer?: Person,
  changes: Partial<CertificateWords> = {},
): Person {
  return certify(makeSigner(kind), { name, issuer, extensions: [SIGNS], ...changes });
}

/** An authority. */
export function makeAuthority(
  kind: KeyKind,
  name: string,
  issuer?: Person,
  changes: Partial<CertificateWords> = {},
): Person {
  return certify(makeSigner(kind), { name, issuer, extensions: [authority(), ISSUES], ...changes });
}

export interface ListWords {
  readonly issuer: Person;
  /** Serial, date, and extensions of the entry. */
  readonly revoked?: readonly (readonly [
    certificate: Uint8Array,
    date: string,
    ...extensions: readonly Uint8Array[],
  ])[];
  readonly from?: string;
  /** Null: the list says no next update. */
  readonly to?: string | null;
  readonly extensions?: readonly Uint8Array[];
  /** Signs in the issuer's place. */
  readonly by?: Signer;
}

/** The serial number of a certificate, as it stands. */
export function serialOf(certificate: Uint8Array): Uint8Array {
  const inside = (at: number): number =>
    (certificate[at + 1] ?? 0) < 0x80 ? at + 2 : at + 2 + ((certificate[at + 1] ?? 0) & 0x7f);
  const at = inside(inside(0)) + 5;
  return certificate.subarray(at, at + 2 + (certificate[at + 1] ?? 0));
}

export const reason = (code: number): Uint8Array => extension('2.5.29.21', element(0x0a, Uint8Array.of(code)));
export const invalidSince = (date: string): Uint8Array => extension('2.5.29.24', generalizedTime(new Date(date)));

/** A revocation list (RFC 5280 §5), DER. */
export function encodeList(words: ListWords): Uint8Array {
  const { issuer, by = issuer, from = '2026-06-01', to = '2026-07-01', extensions = [] } = words;
  const entries = (words.revoked ?? []).map(([certificate, date, ...more]) =>
    sequence(serialOf(certificate), certificateTime(new Date(date)), ...(more.length > 0 ? [sequence(...more)] : [])),
  );
  const tbs = sequence(
    integer(1),
    by.algorithm,
    subjectOf(issuer.certificate),
    certificateTime(new Date(from)),
    ...(to === null ? [] : [certificateTime(new Date(to))]),
    ...(entries.length > 0 ? [sequence(...entries)] : []),
    explicit(0, sequence(extension('2.5.29.20', integer(1)), ...extensions)),
  );
  return sequence(tbs, by.algorithm, bitString(by.sign(tbs)));
}
