/** The odd certificates, and what ours and openssl make of each. Where the two differ it is said why. */
import { derOf, int, pointBytes, SM2_OID, seq, spkiOf, tlv } from '../../vectors/edge-maker.ts';
import {
  AUTHORITY,
  AUTHORITY_EXTENSIONS,
  authorityOf,
  basicConstraints,
  bytes,
  CA_KEY,
  certificateOf,
  extension,
  generalTime,
  keyUsage,
  LEAF_KEY,
  NULL,
  nameOf,
  type Parts,
  pointForm,
  rawOf,
  right,
  SM2_WITH_SM3,
  TRUE,
  utcTime,
  withoutIdentity,
} from './odd-certificates.ts';

type Verdict = 'taken' | 'refused';

export interface OddCase {
  readonly name: string;
  readonly leaf: Buffer;
  readonly authority: Buffer;
  readonly ours: Verdict;
  readonly openssl: Verdict;
  /** Why ours differs from openssl. */
  readonly why?: string;
}

const hex = (text: string): Buffer => Buffer.from(text, 'hex');
const NULLED = seq(SM2_WITH_SM3, NULL);
const USES = keyUsage('06c0');
const UNKNOWN = '2a0304';
const FALSE = hex('010100');
const LONG = '7f'.repeat(20);

const LOOKED_AT_LATER = 'the key of a leaf is looked at when a signature is judged with it';
const VERSION_3 = 'GM/T 0015 knows version 3 only';
const STRICT_DER = 'openssl reads BER where DER is demanded';
const TWICE = 'openssl looks for repeated extensions among those it knows only';
const UNCOMPRESSED = 'keys are uncompressed points only (GM/T 0015 §5.2.3.7)';
const NAMELESS = 'RFC 5280 §4.1.2.4: an issuer has a name, and X.501: no part of a name is empty';
const NOT_AN_AUTHORITY =
  'openssl does not look at what a trusted certificate may do when it is asked for partial chains';

type Row = readonly [name: string, parts: Parts, ours: Verdict, openssl?: Verdict, why?: string];

const AUTHORITY_CERTIFICATE = authorityOf();

const toCase = ([name, parts, ours, openssl = ours, why]: Row, authority?: Buffer): OddCase => ({
  name,
  leaf: certificateOf(parts),
  authority: authority ?? AUTHORITY_CERTIFICATE,
  ours,
  openssl,
  ...(why === undefined ? {} : { why }),
});

const SIGNATURES: readonly Row[] = [
  ['right in every point', {}, 'taken'],
  ['signed under an empty id', { id: '' }, 'refused'],
  ['signed under another id', { id: 'ALICE123@YAHOO.COM' }, 'refused'],
  ['signed without Z', { value: withoutIdentity }, 'refused'],
  ['value as raw r‖s', { value: (tbs) => rawOf(right(tbs)) }, 'refused'],
  ['one unused bit in the value', { unusedBits: 1 }, 'refused'],
  ['eight unused bits in the value', { unusedBits: 8 }, 'refused'],
  ['a byte behind the value', { value: (tbs) => bytes(derOf(right(tbs)), 0) }, 'refused'],
  ['r is 0', { value: (tbs) => derOf({ ...right(tbs), r: 0n }) }, 'refused'],
  ['signed by the leaf itself', { by: LEAF_KEY }, 'refused'],
];

const ALGORITHMS: readonly Row[] = [
  ['NULL as parameters inside and outside', { inner: NULLED, outer: NULLED }, 'taken'],
  ['NULL as parameters outside only', { outer: NULLED }, 'refused'],
  ['NULL as parameters inside only', { inner: NULLED }, 'refused'],
  ['an empty SEQUENCE as parameters', { inner: seq(SM2_WITH_SM3, seq()), outer: seq(SM2_WITH_SM3, seq()) }, 'taken'],
  ['another algorithm outside', { outer: seq(hex('06082a811ccf55018377')) }, 'refused'],
  ['ECDSA with SHA-256 said', algorithmOf('06082a8648ce3d040302'), 'refused'],
  ['SM2 with SHA-256 said', algorithmOf('06082a811ccf55018377'), 'refused'],
];

function algorithmOf(id: string): Parts {
  return { inner: seq(hex(id)), outer: seq(hex(id)) };
}

const point = pointBytes(LEAF_KEY.point);
const KEYS: readonly Row[] = [
  ['compressed point', { key: spkiOf(pointForm(LEAF_KEY.point, 2)) }, 'taken'],
  ['hybrid point', { key: spkiOf(pointForm(LEAF_KEY.point, 6)) }, 'taken'],
  [
    'a point that is not on the curve',
    { key: spkiOf(bytes(point.subarray(0, -1), 1)) },
    'taken',
    'refused',
    LOOKED_AT_LATER,
  ],
  ['unused bits in the key', { key: spkiOf(point, SM2_OID, 1) }, 'taken', 'refused', LOOKED_AT_LATER],
  ['P-256 said', { key: spkiOf(point, hex('06082a8648ce3d030107')) }, 'taken', 'refused', LOOKED_AT_LATER],
];

const NUMBERS: readonly Row[] = [
  ['version 1, no extensions', { version: Buffer.alloc(0), extensions: undefined }, 'refused', 'taken', VERSION_3],
  ['version 1 with extensions', { version: Buffer.alloc(0) }, 'refused', 'taken', VERSION_3],
  ['version 2', { version: hex('a003020101') }, 'refused', 'taken', VERSION_3],
  ['version 1 written out', { version: hex('a003020100') }, 'refused', 'taken', VERSION_3],
  ['version 4', { version: hex('a003020103') }, 'refused', 'taken', VERSION_3],
  ['negative serial', { serial: int(-5n) }, 'taken'],
  ['serial 0', { serial: int(0n) }, 'taken'],
  ['serial of 20 bytes', { serial: tlv(2, hex(LONG)) }, 'taken'],
  ['serial of 21 bytes', { serial: tlv(2, hex(`7f${LONG}`)) }, 'taken'],
  ['serial not minimal', { serial: hex('02020001') }, 'refused'],
  ['empty serial', { serial: hex('0200') }, 'refused'],
];

const NAMES: readonly Row[] = [
  ['another issuer', { issuer: nameOf('Another CA') }, 'refused'],
  ['empty issuer', { issuer: seq() }, 'refused'],
  ['empty subject', { subject: seq() }, 'taken'],
  ['a subject with an empty set', { subject: seq(tlv(0x31, Buffer.alloc(0))) }, 'refused', 'taken', NAMELESS],
];

const DATES: readonly Row[] = [
  ['until the end of 2049, UTCTime', { to: utcTime('491231235959Z') }, 'taken'],
  ['until 2050, GeneralizedTime', { to: generalTime('20500101000000Z') }, 'taken'],
  ['until 1950, UTCTime of 50', { to: utcTime('500101000000Z') }, 'refused'],
  ['GeneralizedTime before 2050', { to: generalTime('20360101000000Z') }, 'taken'],
  ['without end', { to: generalTime('99991231235959Z') }, 'taken'],
  ['UTCTime without seconds', { to: utcTime('3601010000Z') }, 'refused'],
  ['UTCTime with another zone', { to: utcTime('360101000000+0800') }, 'refused'],
  ['GeneralizedTime with a fraction', { to: generalTime('20500101000000.5Z') }, 'refused'],
  ['30 February', { to: utcTime('360230000000Z') }, 'refused'],
  ['ends before it begins', { from: utcTime('360101000000Z'), to: utcTime('260101000000Z') }, 'refused'],
  ['not yet', { from: utcTime('350101000000Z') }, 'refused'],
];

const EXTENSIONS: readonly Row[] = [
  ['no extensions', { extensions: undefined }, 'taken'],
  ['an empty list of extensions', { extensions: [] }, 'taken'],
  ['key usage missing', { extensions: [extension('551d0e', hex('040401020304'))] }, 'taken'],
  ['key usage twice', { extensions: [USES, USES] }, 'refused'],
  [
    'an unknown extension twice',
    { extensions: [USES, extension(UNKNOWN, NULL), extension(UNKNOWN, NULL)] },
    'refused',
    'taken',
    TWICE,
  ],
  ['unknown, not critical', { extensions: [USES, extension(UNKNOWN, NULL)] }, 'taken'],
  ['unknown and critical', { extensions: [USES, extension(UNKNOWN, NULL, TRUE)] }, 'refused'],
  ['critical FALSE written out', { extensions: [keyUsage('06c0', FALSE)] }, 'taken'],
  ['critical TRUE as 01', { extensions: [keyUsage('06c0', hex('010101'))] }, 'refused', 'taken', STRICT_DER],
  ['unknown, critical FALSE as 00 00', { extensions: [USES, extension(UNKNOWN, NULL, hex('01020000'))] }, 'refused'],
  ['key usage for encipherment only', { extensions: [keyUsage('0520')] }, 'refused'],
  ['key usage without any bit', { extensions: [keyUsage('00')] }, 'refused'],
  ['key usage with zeros behind', { extensions: [keyUsage('00c0')] }, 'taken'],
  ['key usage that is none', { extensions: [extension('551d0f', hex('0404c0'), TRUE)] }, 'refused'],
  ['a key identifier that is none', { extensions: [USES, extension('551d0e', hex('05'))] }, 'refused'],
  ['cA FALSE written out', { extensions: [USES, basicConstraints(seq(FALSE))] }, 'taken'],
];

const SHELLS: readonly Row[] = [
  ['a byte behind the certificate', { finish: (der) => bytes(der, 0) }, 'refused', 'taken', STRICT_DER],
  [
    'indefinite length (BER)',
    { finish: (der) => bytes(0x30, 0x80, der.subarray(4), 0, 0) },
    'refused',
    'taken',
    STRICT_DER,
  ],
  ['long length', { finish: (der) => bytes(0x30, 0x83, 0, der.subarray(2)) }, 'refused', 'taken', STRICT_DER],
  ['NULL between key and extensions', { between: NULL }, 'refused'],
];

const under = (name: string, parts: Parts, ours: Verdict, openssl = ours, why?: string): OddCase => ({
  ...toCase([name, {}, ours, openssl]),
  authority: authorityOf(parts),
  ...(why === undefined ? {} : { why }),
});

const AUTHORITIES: readonly OddCase[] = [
  under(
    'authority with a compressed point',
    { key: spkiOf(pointForm(CA_KEY.point, 2)) },
    'refused',
    'taken',
    UNCOMPRESSED,
  ),
  under('authority without key usage', { extensions: AUTHORITY_EXTENSIONS.slice(0, 1) }, 'taken'),
  under(
    'authority without basic constraints',
    { extensions: AUTHORITY_EXTENSIONS.slice(1) },
    'refused',
    'taken',
    NOT_AN_AUTHORITY,
  ),
  under('authority that may not issue', { extensions: [basicConstraints(seq(TRUE)), USES] }, 'refused'),
  under(
    'authority whose cA is TRUE as 01',
    {
      extensions: [basicConstraints(seq(hex('010101'))), keyUsage('0106')],
    },
    'refused',
    'taken',
    STRICT_DER,
  ),
  under(
    'authority of path length 0',
    { extensions: [basicConstraints(seq(TRUE, int(0n))), keyUsage('0106')] },
    'taken',
  ),
  under(
    'authority of a negative path length',
    {
      extensions: [basicConstraints(seq(TRUE, int(-1n))), keyUsage('0106')],
    },
    'refused',
  ),
  under('authority of version 1', { version: Buffer.alloc(0), extensions: undefined }, 'refused', 'taken', VERSION_3),
  toCase(
    ['authority and issuer without a name', { issuer: seq() }, 'refused', 'taken', NAMELESS],
    authorityOf({ subject: seq(), issuer: AUTHORITY }),
  ),
];

const ROWS = [SIGNATURES, ALGORITHMS, KEYS, NUMBERS, NAMES, DATES, EXTENSIONS, SHELLS].flat();

export const ODD_CASES: readonly OddCase[] = [...ROWS.map((row) => toCase(row)), ...AUTHORITIES];
