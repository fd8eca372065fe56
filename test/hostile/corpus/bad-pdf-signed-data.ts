/** Signed data of wrong kinds in PDF files (RFC 5652, RFC 5035, ETSI EN 319 142-1). */
import { octetString, oid } from '../../../signing/der/write-der.ts';
import {
  attribute,
  type CmsWords,
  DATA,
  digestOf,
  encodeToken,
  namingCertificates,
  signingTime,
  timeStampAttribute,
} from './cms.ts';
import type { PdfWorld } from './pdf-world.ts';

const CHANGED = 'digest DIGEST_MISMATCH';

const MALFORMED = 'structure SIGNATURE_MALFORMED';

const WRONG = 'signature SIGNATURE_INVALID';

const UNBOUND = 'signature SIGNER_NOT_BOUND';

interface Made {
  readonly words: string;
  readonly cms: Partial<CmsWords>;
  readonly blame: readonly string[];
  readonly subFilter?: string;
  readonly by?: 'sm2' | 'other';
}

export function madeOf({ signer, other, strange, sm2, tsa, issuing }: PdfWorld): Made[] {
  const plain = 'adbe.pkcs7.detached';
  const flip = (value: Uint8Array): Uint8Array => value.map((byte, at) => (at === value.length - 1 ? byte ^ 1 : byte));
  const weak = 'digest DIGEST_WEAK';
  return [
    { words: 'a wrong value of RSA', cms: { spoil: flip }, blame: [WRONG] },
    { words: 'a value of zeros', cms: { spoil: (value) => Buffer.alloc(value.length) }, blame: [WRONG] },
    { words: 'an empty value', cms: { spoil: () => Buffer.of() }, blame: [WRONG] },
    { words: 'a wrong value of ECDSA', by: 'other', cms: { spoil: flip }, blame: [WRONG] },
    { words: 'a wrong value of SM2', by: 'sm2', cms: { spoil: flip }, blame: [WRONG] },
    { words: 'a wrong value of PSS', cms: { saltLength: 32, spoil: flip }, blame: [WRONG] },
    { words: 'PSS of another salt than it says', cms: { saltLength: 32, saltStated: 20 }, blame: [WRONG] },
    { words: 'another digest than the content’s', cms: { digestOverride: Buffer.alloc(32) }, blame: [CHANGED] },
    { words: 'a digest cut short', cms: { digestOverride: Buffer.alloc(16) }, blame: [CHANGED] },
    { words: 'SHA-1', cms: { hash: 'sha1' }, blame: [weak] },
    { words: 'MD5', cms: { hash: 'md5' }, blame: [weak] },
    { words: 'SHA-1, plainly', cms: { hash: 'sha1' }, subFilter: plain, blame: [weak] },
    { words: 'SHA-1 without attributes', cms: { hash: 'sha1', attributes: 'none' }, subFilter: plain, blame: [weak] },
    { words: 'MD5 without attributes', cms: { hash: 'md5', attributes: 'none' }, subFilter: plain, blame: [weak] },
    { words: 'ECDSA with SHA-1', by: 'other', cms: { hash: 'sha1' }, blame: [weak] },
    { words: 'SHA-256 that says to be SHA-384', cms: { statedHash: 'sha384' }, blame: [CHANGED, WRONG] },
    {
      words: 'SHA-384 that says to be SHA-256',
      cms: { hash: 'sha384', statedHash: 'sha256' },
      blame: [CHANGED, WRONG],
    },
    { words: 'no attributes, where CAdES asks for them', cms: { attributes: 'none' }, blame: [UNBOUND] },
    { words: 'no certificate named, where CAdES asks for it', cms: { attributes: 'plain' }, blame: [UNBOUND] },
    {
      words: 'another certificate named',
      cms: { attributes: 'plain', moreAttributes: [namingCertificates([other.certificate])] },
      blame: [UNBOUND],
    },
    {
      words: 'another certificate named, plainly',
      subFilter: plain,
      cms: { attributes: 'plain', moreAttributes: [namingCertificates([other.certificate])] },
      blame: [UNBOUND],
    },
    {
      words: 'its certificate named second',
      cms: { attributes: 'plain', moreAttributes: [namingCertificates([issuing.certificate, signer.certificate])] },
      blame: [UNBOUND],
    },
    {
      words: 'its certificate named by SHA-1',
      cms: { attributes: 'plain', moreAttributes: [namingCertificates([signer.certificate], 'sha1')] },
      blame: [UNBOUND],
    },
    {
      words: 'two digests stated',
      cms: { moreAttributes: [attribute('1.2.840.113549.1.9.4', octetString(Buffer.alloc(32)))] },
      blame: [MALFORMED],
    },
    {
      words: 'no digest stated',
      cms: { onlyAttributes: [attribute('1.2.840.113549.1.9.3', oid(DATA)), namingCertificates([signer.certificate])] },
      blame: [MALFORMED],
    },
    {
      words: 'no content type stated',
      cms: { onlyAttributes: [attribute('1.2.840.113549.1.9.4', octetString(Buffer.alloc(32)))] },
      blame: [MALFORMED],
    },
    { words: 'another content type stated', cms: { contentType: '1.2.840.113549.1.7.5' }, blame: [MALFORMED] },
    {
      words: 'attributes out of order',
      cms: { order: (all) => [...all].sort(Buffer.compare).reverse() },
      blame: [MALFORMED],
    },
    { words: 'content inside', cms: { content: Buffer.from('inside') }, blame: [MALFORMED] },
    { words: 'two signers', cms: { signerCount: 2 }, blame: [MALFORMED] },
    { words: 'no signer', cms: { signerCount: 0 }, blame: [MALFORMED] },
    { words: 'version 5', cms: { version: 5 }, blame: [MALFORMED] },
    { words: 'no certificate', cms: { certificates: [] }, blame: ['signature CERTIFICATE_MISSING'] },
    {
      words: 'the certificate of another in its place',
      cms: { certificates: [other.certificate] },
      blame: ['signature CERTIFICATE_MISSING'],
    },
    {
      words: 'a certificate that does not belong',
      cms: { certificates: [signer.certificate, strange.certificate] },
      blame: ['certificate CERTIFICATE_CHAIN_BROKEN'],
    },
    {
      words: 'a certificate of no shape',
      cms: { certificates: [signer.certificate, octetString(Buffer.of(1))] },
      blame: ['certificate CERTIFICATE_MALFORMED'],
    },
    {
      words: 'an unknown signature algorithm',
      cms: { algorithm: Buffer.from('300506032a0304', 'hex') },
      blame: ['signature ALGORITHM_UNSUPPORTED'],
    },
    {
      words: 'the algorithm of SM2 over RSA',
      cms: { algorithm: Buffer.from('300a06082a811ccf55018375', 'hex') },
      blame: [WRONG],
    },
    {
      words: 'the algorithm of RSA over SM2',
      by: 'sm2',
      cms: { algorithm: Buffer.from('300d06092a864886f70d01010b0500', 'hex') },
      blame: [WRONG],
    },
    {
      words: 'a time of signing of tomorrow',
      subFilter: plain,
      cms: { moreAttributes: [signingTime('2026-06-04T00:00:00Z')] },
      blame: ['time TIME_IN_FUTURE'],
    },
    {
      words: 'a time of signing before the certificate',
      subFilter: plain,
      cms: { moreAttributes: [signingTime('2025-06-04T00:00:00Z')] },
      blame: ['certificate CERTIFICATE_OUTSIDE_VALIDITY', 'trust CERTIFICATE_OUTSIDE_VALIDITY'],
    },
    {
      words: 'a time-stamp over another value',
      cms: { unsigned: () => [timeStampAttribute(encodeToken(Buffer.from('x'), { tsa }))] },
      blame: ['time TIMESTAMP_INVALID'],
    },
    {
      words: 'a time-stamp by the signer',
      cms: { unsigned: (value) => [timeStampAttribute(encodeToken(value, { tsa: signer }))] },
      blame: ['time TIMESTAMP_INVALID'],
    },
    {
      words: 'a time-stamp with a wrong value',
      cms: { unsigned: (value) => [timeStampAttribute(encodeToken(value, { tsa, cms: { spoil: flip } }))] },
      blame: ['time TIMESTAMP_INVALID'],
    },
    {
      words: 'a time-stamp without a certificate',
      cms: { unsigned: (value) => [timeStampAttribute(encodeToken(value, { tsa, cms: { certificates: [] } }))] },
      blame: ['time TIMESTAMP_INVALID'],
    },
    {
      words: 'a time-stamp of no shape',
      cms: { unsigned: () => [timeStampAttribute(octetString(Buffer.of(1)))] },
      blame: ['time TIMESTAMP_INVALID'],
    },
    {
      words: 'a time-stamp of tomorrow',
      cms: { unsigned: (value) => [timeStampAttribute(encodeToken(value, { tsa, at: '2026-06-04T00:00:00Z' }))] },
      blame: ['time TIME_IN_FUTURE'],
    },
    {
      words: 'a time-stamp from before the signing',
      cms: { unsigned: (value) => [timeStampAttribute(encodeToken(value, { tsa, at: '2026-06-01T00:00:00Z' }))] },
      blame: ['time TIME_IN_FUTURE'],
    },
    {
      words: 'SM2 of a stranger’s key under its certificate',
      by: 'sm2',
      cms: { spoil: () => sm2.sign(digestOf('sm3', Buffer.of(1))) },
      blame: [WRONG],
    },
  ];
}
