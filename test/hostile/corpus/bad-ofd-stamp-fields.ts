/** The fields of a stamp (SES_Signature) put together wrongly. */
import {
  bitString,
  element,
  generalizedTime,
  ia5String,
  integer,
  octetString,
  oid,
  sequence,
  utf8String,
} from '../../../signing/der/write-der.ts';
import { parseSesSignature } from '../../../signing/seal/parse-seal.ts';
import type { OfdWorld } from './ofd-world.ts';
import { partsOf } from './stamp-parts.ts';

const BARE = 'coverage UNCOVERED';

const MALFORMED = ['structure SIGNATURE_MALFORMED', BARE];

const WRONG = 'signature SIGNATURE_INVALID';

/** The certificates of our office are of the day before. */
const EARLY = ['certificate CERTIFICATE_OUTSIDE_VALIDITY', 'trust CERTIFICATE_OUTSIDE_VALIDITY'];

/** The members of a stamp, DER each. */
interface Parts {
  readonly version: Uint8Array;
  readonly seal: Uint8Array;
  readonly time: Uint8Array;
  readonly hash: Uint8Array;
  readonly info: Uint8Array;
  readonly certificate: Uint8Array;
  readonly algorithm: Uint8Array;
  readonly value: Uint8Array;
}

const joined = (
  { version, seal, time, hash, info, certificate, algorithm, value }: Parts,
  more: readonly Uint8Array[] = [],
): Uint8Array => sequence(sequence(version, seal, time, hash, info, ...more), certificate, algorithm, value);

type Rebuilt = readonly [words: string, value: Uint8Array, blame: readonly string[], ofOurs?: readonly string[]];

function parseSesSignatureHash(stamp: Uint8Array): { readonly hash: Uint8Array } {
  return { hash: parseSesSignature(stamp).dataHash };
}

/** The members of a SEQUENCE as they stand. */
function membersOf(der: Uint8Array): Uint8Array[] {
  return [der.subarray((der[1] ?? 0) < 0x80 ? 2 : 2 + ((der[1] ?? 0) & 0x7f))];
}

/** Fields of the stamp. */
export function fieldsOf(stamp: Uint8Array, world: OfdWorld): Rebuilt[] {
  const parts = partsOf(stamp);
  const { hash } = parseSesSignatureHash(stamp);
  const other = bitString(Buffer.from(hash.map((byte) => byte ^ 1)));
  const strange = [WRONG, 'seal SEAL_SIGNER_UNLISTED'];
  const elsewhere = ['structure SIGNATURE_MALFORMED', WRONG];
  return [
    ['another time', joined({ ...parts, time: generalizedTime(new Date('2026-06-02T01:00:00Z')) }), [WRONG]],
    [
      'a time in the future',
      joined({ ...parts, time: generalizedTime(new Date('2026-07-02T01:00:00Z')) }),
      [WRONG, 'time TIME_IN_FUTURE'],
    ],
    [
      'a time before the seal',
      joined({ ...parts, time: generalizedTime(new Date('2026-02-02T01:00:00Z')) }),
      [WRONG, 'seal SEAL_OUTSIDE_VALIDITY'],
      [WRONG, 'seal SEAL_OUTSIDE_VALIDITY', ...EARLY],
    ],
    ['a time of no such day', joined({ ...parts, time: element(0x18, Buffer.from('20260230000000Z')) }), MALFORMED],
    ['a time in UTCTime', joined({ ...parts, time: element(0x17, Buffer.from('260602030405Z')) }), MALFORMED],
    ['a time without a zone', joined({ ...parts, time: element(0x18, Buffer.from('20260602030405')) }), MALFORMED],
    ['another hash', joined({ ...parts, hash: other }), [WRONG, 'digest DIGEST_MISMATCH']],
    [
      'a hash cut short',
      joined({ ...parts, hash: bitString(hash.subarray(0, 31)) }),
      [WRONG, 'digest DIGEST_MISMATCH'],
    ],
    ['no hash', joined({ ...parts, hash: bitString(Buffer.of()) }), [WRONG, 'digest DIGEST_MISMATCH']],
    ['a hash in an OCTET STRING', joined({ ...parts, hash: octetString(hash) }), MALFORMED],
    ['another place', joined({ ...parts, info: ia5String('/Doc_0/Signs/Sign_7/Signature.xml') }), [WRONG], elsewhere],
    ['a place in UTF-8', joined({ ...parts, info: utf8String('/Doc_0') }), MALFORMED],
    ['version 5', joined({ ...parts, version: integer(5) }), MALFORMED],
    ['version 1', joined({ ...parts, version: integer(1) }), MALFORMED],
    ['version -4', joined({ ...parts, version: integer(-4) }), MALFORMED],
    [
      'the certificate of another of the same issuer',
      joined({ ...parts, certificate: octetString(world.other.certificate) }),
      strange,
      [...strange, 'trust UNTRUSTED'],
    ],
    [
      'the certificate of the seal maker',
      joined({ ...parts, certificate: octetString(parseSesSignature(stamp).seal.makerCertificate) }),
      strange,
    ],
    [
      'no certificate',
      joined({ ...parts, certificate: octetString(Buffer.of()) }),
      ['certificate CERTIFICATE_MALFORMED'],
    ],
    [
      'half a certificate',
      joined({ ...parts, certificate: octetString(parseSesSignature(stamp).certificate.slice(0, 200)) }),
      ['certificate CERTIFICATE_MALFORMED'],
    ],
    [
      'a certificate with a byte behind',
      joined({
        ...parts,
        certificate: octetString(Buffer.concat([parseSesSignature(stamp).certificate, Buffer.of(0)])),
      }),
      ['certificate CERTIFICATE_MALFORMED'],
    ],
    [
      'the algorithm RSA',
      joined({ ...parts, algorithm: oid('1.2.840.113549.1.1.11') }),
      ['signature ALGORITHM_UNSUPPORTED'],
    ],
    [
      'the algorithm ECDSA',
      joined({ ...parts, algorithm: oid('1.2.840.10045.4.3.2') }),
      ['signature ALGORITHM_UNSUPPORTED'],
    ],
    [
      'the algorithm SM2 key exchange',
      joined({ ...parts, algorithm: oid('1.2.156.10197.1.301.2') }),
      ['signature ALGORITHM_UNSUPPORTED'],
    ],
    [
      'an extension that was not there',
      joined(parts, [element(0xa0, sequence(sequence(oid('1.2.3'), octetString(Buffer.of(1)))))]),
      [WRONG],
    ],
    [
      'a critical extension',
      joined(parts, [
        element(0xa0, sequence(sequence(oid('1.2.3'), Buffer.from('0101ff', 'hex'), octetString(Buffer.of(1))))),
      ]),
      MALFORMED,
    ],
    ['a member more', sequence(...membersOf(joined(parts)), integer(1)), MALFORMED],
    ['a byte behind', Buffer.concat([stamp, Buffer.of(0)]), MALFORMED],
    ['a byte cut off', stamp.slice(0, -1), MALFORMED],
    [
      'a length of indefinite form',
      Buffer.concat([Buffer.of(0x30, 0x80), stamp.subarray(4), Buffer.of(0, 0)]),
      MALFORMED,
    ],
    ['a length longer than it need be', Buffer.concat([Buffer.of(0x30, 0x83, 0), stamp.subarray(2)]), MALFORMED],
    ['the tag SET', Buffer.concat([Buffer.of(0x31), stamp.subarray(1)]), MALFORMED],
    ['nothing', Buffer.of(), MALFORMED],
    ['zeros', Buffer.alloc(stamp.length), MALFORMED],
    ['the seal alone', parts.seal, MALFORMED],
  ];
}
