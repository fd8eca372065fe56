/** Signed data and time-stamps of any shape (RFC 5652, RFC 5035, RFC 3161), wrong ones included, written without the code that
 *  is judged. */
import { constants, createHash, createPrivateKey, sign } from 'node:crypto';
import {
  element,
  explicit,
  generalizedTime,
  integer,
  octetString,
  oid,
  sequence,
  setOf,
} from '../../../signing/der/write-der.ts';
import { signSm2 } from '../../../signing/index.ts';
import { type Person, serialOf } from './certificates.ts';

export type Hash = 'md5' | 'sha1' | 'sha256' | 'sha384' | 'sha512' | 'sm3';

const HASH_OIDS: Readonly<Record<Hash, string>> = {
  md5: '1.2.840.113549.2.5',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  sm3: '1.2.156.10197.1.401',
};
const ECDSA_OIDS: Partial<Record<Hash, string>> = {
  sha256: '1.2.840.10045.4.3.2',
  sha384: '1.2.840.10045.4.3.3',
  sha512: '1.2.840.10045.4.3.4',
};

export const DATA = '1.2.840.113549.1.7.1';
const SIGNED_DATA = '1.2.840.113549.1.7.2';
const GM_DATA = '1.2.156.10197.6.1.4.2.1';
const GM_SIGNED_DATA = '1.2.156.10197.6.1.4.2.2';
const TST_INFO = '1.2.840.113549.1.9.16.1.4';

export const digestOf = (hash: Hash, bytes: Uint8Array): Uint8Array => createHash(hash).update(bytes).digest();

/** AlgorithmIdentifier of a digest. */
export const hashId = (hash: Hash, withNull = false): Uint8Array =>
  sequence(oid(HASH_OIDS[hash]), ...(withNull ? [element(5)] : []));

export const attribute = (type: string, ...values: readonly Uint8Array[]): Uint8Array =>
  sequence(oid(type), setOf(...values));

/** signing-certificate-v2 of certificates. */
export const namingCertificates = (certificates: readonly Uint8Array[], hash: Hash = 'sha256'): Uint8Array =>
  attribute(
    '1.2.840.113549.1.9.16.2.47',
    sequence(
      sequence(
        ...certificates.map((der) =>
          sequence(...(hash === 'sha256' ? [] : [hashId(hash)]), octetString(digestOf(hash, der))),
        ),
      ),
    ),
  );

export const signingTime = (at: string): Uint8Array =>
  attribute('1.2.840.113549.1.9.5', element(0x17, Buffer.from(`${at.slice(2).replace(/[-:T]/g, '').slice(0, 12)}Z`)));

export interface CmsWords {
  readonly signer: Person;
  readonly hash?: Hash;
  /** What the structure says the digest algorithm is. */
  readonly statedHash?: Hash;
  /** Brought along; default: the signer's alone. */
  readonly certificates?: readonly Uint8Array[];
  readonly lists?: readonly Uint8Array[];
  readonly contentType?: string;
  /** Inside the structure. */
  readonly content?: Uint8Array;
  /** `none`: the value is over the content itself. `plain`: content type and digest. `bound`: the certificate too. */
  readonly attributes?: 'none' | 'plain' | 'bound';
  readonly moreAttributes?: readonly Uint8Array[];
  /** In place of all attributes. */
  readonly onlyAttributes?: readonly Uint8Array[];
  readonly unsigned?: (value: Uint8Array) => readonly Uint8Array[];
  readonly saltLength?: number;
  readonly saltStated?: number;
  readonly byKeyId?: boolean;
  readonly algorithm?: Uint8Array;
  /** Changes the value when it is made. */
  readonly spoil?: (value: Uint8Array) => Uint8Array;
  readonly order?: (attributes: readonly Uint8Array[]) => readonly Uint8Array[];
  readonly version?: number;
  readonly signerCount?: number;
  readonly digestOverride?: Uint8Array;
  /** GB/T 35275: the same shape under Chinese identifiers. */
  readonly gm?: boolean;
}

const RSA = '1.2.840.113549.1.1.1';

/** Which kind of key, by its SubjectPublicKeyInfo. */
function kindOf({ publicKey }: Person): 'rsa' | 'ec' | 'sm2' {
  const text = Buffer.from(publicKey).toString('hex');
  if (text.includes('2a811ccf5501822d')) return 'sm2';
  return text.includes('2a8648ce3d0201') ? 'ec' : 'rsa';
}

function makeValue(words: CmsWords, hash: Hash, message: Uint8Array): { value: Uint8Array; algorithm: Uint8Array } {
  const { signer, saltLength } = words;
  const kind = kindOf(signer);
  if (kind === 'sm2') return { value: signSm2(signer.pkcs8, message), algorithm: sequence(oid('1.2.156.10197.1.501')) };
  const key = createPrivateKey({ key: Buffer.from(signer.pkcs8), format: 'der', type: 'pkcs8' });
  if (kind === 'ec') return { value: sign(hash, message, key), algorithm: sequence(oid(ECDSA_OIDS[hash] ?? '1.2.3')) };
  if (saltLength === undefined) return { value: sign(hash, message, key), algorithm: sequence(oid(RSA), element(5)) };
  const parameters = sequence(
    explicit(0, hashId(hash)),
    explicit(1, sequence(oid('1.2.840.113549.1.1.8'), hashId(hash))),
    explicit(2, integer(words.saltStated ?? saltLength)),
  );
  const value = sign(hash, message, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });
  return { value, algorithm: sequence(oid('1.2.840.113549.1.1.10'), parameters) };
}

/** Detached (or with `content`) signed data over a content, DER. */
export function encodeCms(content: Uint8Array, words: CmsWords): Uint8Array {
  const {
    signer,
    hash = kindOf(signer) === 'sm2' ? 'sm3' : 'sha256',
    contentType = words.gm ? GM_DATA : DATA,
    attributes = 'bound',
  } = words;
  const bound = attributes === 'bound' ? [namingCertificates([signer.certificate])] : [];
  const all = words.onlyAttributes ?? [
    attribute('1.2.840.113549.1.9.3', oid(contentType)),
    attribute('1.2.840.113549.1.9.4', octetString(words.digestOverride ?? digestOf(hash, content))),
    ...bound,
    ...(words.moreAttributes ?? []),
  ];
  const sorted = words.order?.(all) ?? [...all].sort(Buffer.compare);
  const set = element(0x31, ...sorted);
  const made = makeValue(words, hash, attributes === 'none' ? content : set);
  const value = words.spoil?.(made.value) ?? made.value;
  const unsigned = words.unsigned?.(value) ?? [];
  const digestAlgorithm = hashId(words.statedHash ?? hash);
  const keyId = element(0x80, createHash('sha1').update(signer.publicKey).digest());
  const signerInfo = sequence(
    integer(words.byKeyId ? 3 : 1),
    words.byKeyId ? keyId : sequence(issuerOf(signer.certificate), serialOf(signer.certificate)),
    digestAlgorithm,
    ...(attributes === 'none' ? [] : [element(0xa0, ...sorted)]),
    words.algorithm ?? made.algorithm,
    octetString(value),
    ...(unsigned.length > 0 ? [element(0xa1, ...unsigned)] : []),
  );
  const certificates = words.certificates ?? [signer.certificate];
  const lists = words.lists ?? [];
  const shown = words.content;
  const body = sequence(
    integer(words.version ?? (words.byKeyId || (contentType !== DATA && !words.gm) ? 3 : 1)),
    setOf(digestAlgorithm),
    sequence(oid(contentType), ...(shown ? [explicit(0, octetString(shown))] : [])),
    ...(certificates.length > 0 ? [element(0xa0, ...certificates)] : []),
    ...(lists.length > 0 ? [element(0xa1, ...lists)] : []),
    element(0x31, ...Array.from({ length: words.signerCount ?? 1 }, () => signerInfo)),
  );
  return sequence(oid(words.gm ? GM_SIGNED_DATA : SIGNED_DATA), explicit(0, body));
}

/** The issuer's name in a certificate: behind the serial number and the algorithm. */
function issuerOf(certificate: Uint8Array): Uint8Array {
  const end = (at: number): number => {
    const length = certificate[at + 1] ?? 0;
    if (length < 0x80) return at + 2 + length;
    const count = length & 0x7f;
    return (
      at + 2 + count + Number.parseInt(Buffer.from(certificate.subarray(at + 2, at + 2 + count)).toString('hex'), 16)
    );
  };
  const serial = serialOf(certificate);
  const algorithm = serial.byteOffset - certificate.byteOffset + serial.length;
  const issuer = end(algorithm);
  return certificate.subarray(issuer, end(issuer));
}

export interface TokenWords {
  readonly tsa: Person;
  readonly hash?: Hash;
  readonly at?: string;
  /** In place of the digest of what is stamped. */
  readonly imprint?: Uint8Array;
  readonly cms?: Partial<CmsWords>;
  readonly more?: readonly Uint8Array[];
}

/** A TimeStampToken over bytes, DER. */
export function encodeToken(stamped: Uint8Array, words: TokenWords): Uint8Array {
  const { tsa, hash = 'sha256', at = '2026-06-02T03:05:00Z' } = words;
  const info = sequence(
    integer(1),
    oid('1.2.3.4.1'),
    sequence(hashId(hash), octetString(words.imprint ?? digestOf(hash, stamped))),
    integer(4711),
    generalizedTime(new Date(at)),
    ...(words.more ?? []),
  );
  return encodeCms(info, { signer: tsa, contentType: TST_INFO, content: info, ...words.cms });
}

/** The unsigned attribute with a token over a signature value. */
export const timeStampAttribute = (token: Uint8Array): Uint8Array => attribute('1.2.840.113549.1.9.16.2.14', token);
