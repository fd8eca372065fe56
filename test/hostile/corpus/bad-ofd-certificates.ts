/** OFD files of signers whose certificates, or those above them, must not be believed (RFC 5280 §6), and of times that cannot
 *  be. The files are right in all else. */
import { octetString } from '../../../signing/der/write-der.ts';
import { type Alteration, type BadCase, badCase } from './case.ts';
import {
  authority,
  certify,
  encodeList,
  extendedUse,
  extension,
  ISSUES,
  invalidSince,
  keyUsage,
  makeAuthority,
  makePerson,
  makeSigner,
  type Person,
  reason,
  SIGNS,
  UNKNOWN_CRITICAL,
} from './certificates.ts';
import { encodeToken, namingCertificates, type TokenWords } from './cms.ts';
import type { OfdWorld } from './ofd-world.ts';
import { encodeSeal, encodeStamp, type StampWords } from './seals.ts';
import { type SignedWords, strangerOfd } from './stranger-ofd.ts';

const OUTSIDE = ['certificate CERTIFICATE_OUTSIDE_VALIDITY', 'trust CERTIFICATE_OUTSIDE_VALIDITY'];
const BROKEN = 'trust CERTIFICATE_CHAIN_BROKEN';
const REVOKED = 'revocation REVOKED';

interface Signing {
  readonly words: string;
  readonly signer: Person;
  readonly blame: readonly string[];
  /** Given to the verifier beside the anchors. */
  readonly given?: readonly Person[];
  readonly lists?: readonly Uint8Array[];
  readonly stamp?: Partial<StampWords>;
  /** In place of what the verifier believes. */
  readonly anchors?: readonly Person[];
}

function leavesOf({ issuing, strangeRoot }: OfdWorld): Signing[] {
  const leaf = (changes: Parameters<typeof makePerson>[3], issuer: Person | undefined = issuing) =>
    makePerson('SM2', '签章人', issuer, changes);
  const spoilt = leaf({});
  const wrongBytes = Uint8Array.from(spoilt.certificate);
  wrongBytes[wrongBytes.length - 3] = (wrongBytes.at(-3) ?? 0) ^ 1;
  const rsa = makePerson('RSA', 'RSA签章人', issuing);
  return [
    { words: 'that had ended', signer: leaf({ to: '2026-06-01' }), blame: OUTSIDE },
    { words: 'that ended a second before', signer: leaf({ to: '2026-06-02T03:04:04Z' }), blame: OUTSIDE },
    { words: 'that had not begun', signer: leaf({ from: '2026-06-03' }), blame: OUTSIDE },
    { words: 'that began a second later', signer: leaf({ from: '2026-06-02T03:04:06Z' }), blame: OUTSIDE },
    {
      words: 'for encryption of keys',
      signer: leaf({ extensions: [keyUsage(2)] }),
      blame: ['certificate CERTIFICATE_USAGE'],
    },
    {
      words: 'for encryption of data',
      signer: leaf({ extensions: [keyUsage(3)] }),
      blame: ['certificate CERTIFICATE_USAGE'],
    },
    {
      words: 'for key agreement',
      signer: leaf({ extensions: [keyUsage(4)] }),
      blame: ['certificate CERTIFICATE_USAGE'],
    },
    {
      words: 'of an authority',
      signer: leaf({ extensions: [authority(), ISSUES] }),
      blame: ['certificate CERTIFICATE_USAGE'],
    },
    {
      words: 'for revocation lists',
      signer: leaf({ extensions: [keyUsage(6)] }),
      blame: ['certificate CERTIFICATE_USAGE'],
    },
    {
      words: 'with an unknown critical extension',
      signer: leaf({ extensions: [SIGNS, UNKNOWN_CRITICAL] }),
      blame: ['certificate CERTIFICATE_MALFORMED'],
    },
    {
      words: 'with critical name constraints',
      signer: leaf({ extensions: [SIGNS, extension('2.5.29.30', octetString(Buffer.of(1)), true)] }),
      blame: ['certificate CERTIFICATE_MALFORMED'],
    },
    {
      words: 'with an extension twice',
      signer: leaf({ extensions: [SIGNS, SIGNS] }),
      blame: ['certificate CERTIFICATE_MALFORMED'],
    },
    { words: 'under no anchor', signer: leaf({}, strangeRoot), blame: ['trust UNTRUSTED'] },
    { words: 'signed with its own key', signer: makePerson('SM2', '自签人'), blame: ['trust UNTRUSTED'] },
    {
      words: 'that says to be issued by the authority',
      signer: certify(makeSigner('SM2'), {
        name: '冒名人',
        issuer: strangeRoot,
        issuerName: '外省签发',
        extensions: [SIGNS],
      }),
      blame: [BROKEN],
    },
    { words: 'whose signature is wrong', signer: { ...spoilt, certificate: wrongBytes }, blame: [BROKEN] },
    { words: 'of an RSA key', signer: rsa, blame: ['signature SIGNATURE_INVALID'] },
  ];
}

function chainsOf({ root, issuing, strangeRoot }: OfdWorld): Signing[] {
  const under = (issuer: Person, name = '签章人') => makePerson('SM2', name, issuer);
  const above = (name: string, issuer: Person, changes: Parameters<typeof makeAuthority>[3] = {}) =>
    makeAuthority('SM2', name, issuer, changes);
  const ended = above('过期签发', root, { to: '2026-06-01' });
  const early = above('未来签发', root, { from: '2026-06-20' });
  const noAuthority = above('不是机构', root, { extensions: [SIGNS] });
  const saysNot = above('自称不是', root, { extensions: [extension('2.5.29.19', Buffer.of(0x30, 0), true), ISSUES] });
  const noIssuing = above('不可签发', root, { extensions: [authority(), keyUsage(6)] });
  const strangeWords = above('怪异签发', root, { extensions: [authority(), ISSUES, UNKNOWN_CRITICAL] });
  const last = above('末级签发', root, { extensions: [authority(0), ISSUES] });
  const below = above('越级签发', last);
  const oneMore = above('一级签发', root, { extensions: [authority(1), ISSUES] });
  const [second, third] = [above('二级签发', oneMore), above('三级签发', above('二级签发', oneMore))];
  const falseRoot = makeAuthority('SM2', '外省根');
  const underFalse = above('假根签发', falseRoot);
  const leafAsIssuer = under(issuing, '中间人');
  const long: Person[] = [];
  for (let depth = 0; depth < 9; depth += 1) long.push(above(`长链${depth}`, long.at(-1) ?? root));
  const twin = certify(makeSigner('SM2'), { name: '外省签发', issuer: strangeRoot, extensions: [authority(), ISSUES] });
  return [
    {
      words: 'under an authority that had ended',
      signer: under(ended),
      given: [ended],
      blame: ['trust CERTIFICATE_OUTSIDE_VALIDITY'],
    },
    {
      words: 'under an authority that had not begun',
      signer: under(early),
      given: [early],
      blame: ['trust CERTIFICATE_OUTSIDE_VALIDITY'],
    },
    {
      words: 'under what says nothing of authority',
      signer: under(noAuthority),
      given: [noAuthority],
      blame: ['trust CERTIFICATE_USAGE'],
    },
    {
      words: 'under what says to be no authority',
      signer: under(saysNot),
      given: [saysNot],
      blame: ['trust CERTIFICATE_USAGE'],
    },
    {
      words: 'under an authority that may not issue',
      signer: under(noIssuing),
      given: [noIssuing],
      blame: ['trust CERTIFICATE_USAGE'],
    },
    {
      words: 'under an authority with an unknown critical extension',
      signer: under(strangeWords),
      given: [strangeWords],
      blame: [BROKEN],
    },
    { words: 'below the last authority of its path', signer: under(below), given: [last, below], blame: [BROKEN] },
    { words: 'two below an authority of one', signer: under(third), given: [oneMore, second, third], blame: [BROKEN] },
    { words: 'under a root of the same name', signer: under(underFalse), given: [underFalse], blame: [BROKEN] },
    {
      words: 'under a root of the same name that is brought along',
      signer: under(underFalse),
      given: [
        underFalse,
        certify(falseRoot, { name: '外省根', issuer: strangeRoot, extensions: [authority(), ISSUES] }),
      ],
      blame: ['trust UNTRUSTED'],
    },
    {
      words: 'issued by another signer',
      signer: under(leafAsIssuer),
      given: [leafAsIssuer],
      blame: ['trust CERTIFICATE_USAGE'],
    },
    {
      words: 'under an authority that is not at hand',
      signer: under(above('失联签发', root)),
      blame: ['trust UNTRUSTED'],
    },
    { words: 'under nine authorities', signer: under(long.at(-1) ?? root), given: long, blame: [BROKEN] },
    { words: 'under a twin of the authority', signer: under(twin), given: [twin], blame: ['trust UNTRUSTED'] },
    { words: 'believed by nobody', signer: under(issuing), anchors: [], blame: ['trust UNTRUSTED'] },
    {
      words: 'with only the authority believed, which is no root',
      signer: under(issuing),
      anchors: [issuing],
      blame: ['trust UNTRUSTED'],
    },
  ];
}

function revokedOf({ root, issuing, strangeRoot }: OfdWorld): Signing[] {
  const signer = makePerson('SM2', '吊销人', issuing);
  const lost = (date: string, ...more: readonly Uint8Array[]) => [[signer.certificate, date, ...more] as const];
  const list = (words: Partial<Parameters<typeof encodeList>[0]>) => encodeList({ issuer: issuing, ...words });
  const beside = makeAuthority('SM2', '被吊销签发', root);
  const one: readonly (readonly [words: string, lists: readonly Uint8Array[]])[] = [
    ['revoked the day before', [list({ revoked: lost('2026-06-01') })]],
    ['revoked a second before', [list({ revoked: lost('2026-06-02T03:04:04Z') })]],
    ['revoked at that second', [list({ revoked: lost('2026-06-02T03:04:05Z') })]],
    ['superseded before', [list({ revoked: lost('2026-06-01', reason(4)) })]],
    [
      'revoked later for a key lost before',
      [
        list({
          from: '2026-06-02T12:00:00Z',
          revoked: lost('2026-06-02T10:00:00Z', reason(1), invalidSince('2026-06-01')),
        }),
      ],
    ],
    ['held before', [list({ revoked: lost('2026-06-01', reason(6)) })]],
    [
      'held before, and an older list did not know',
      [list({ from: '2026-05-01', to: '2026-08-01' }), list({ revoked: lost('2026-06-01', reason(6)) })],
    ],
    ['revoked before, as one of two lists says', [list({}), list({ revoked: lost('2026-06-01') })]],
    [
      'revoked before, as an old list says',
      [list({ from: '2026-05-01', to: '2026-05-30', revoked: lost('2026-05-15') })],
    ],
    [
      'revoked before, as a list among many says',
      [list({ from: '2026-05-01' }), list({ from: '2026-05-02' }), list({ revoked: lost('2026-06-01') })],
    ],
  ];
  return [
    ...one.map(([words, lists]) => ({ words: `that was ${words}`, signer, lists, blame: [REVOKED] })),
    {
      words: 'whose authority was revoked',
      signer: makePerson('SM2', '牵连人', beside),
      given: [beside],
      lists: [encodeList({ issuer: root, revoked: [[beside.certificate, '2026-05-01']] })],
      blame: [REVOKED],
    },
    {
      words: 'under no anchor, and revoked by who issued it',
      signer: makePerson('SM2', '外人', strangeRoot, { serial: 77 }),
      lists: [
        encodeList({
          issuer: strangeRoot,
          revoked: [[makePerson('SM2', '外人', strangeRoot, { serial: 77 }).certificate, '2026-05-01']],
        }),
      ],
      blame: ['trust UNTRUSTED', REVOKED],
    },
  ];
}

function signedBy(world: OfdWorld, one: Signing, more: SignedWords = {}): Alteration {
  const { maker, policy } = world;
  const { signer, given = [], lists, anchors } = one;
  const hand = { signer, maker };
  const seal = encodeSeal({ maker, signers: [signer.certificate] });
  const bytes = strangerOfd(hand, {
    value: (dataHash, propertyInfo) => encodeStamp({ seal, signer, dataHash, propertyInfo, ...one.stamp }),
    ...more,
  });
  const believed = anchors ? anchors.map(({ certificate }) => certificate) : (policy.certificates ?? []);
  const certificates = [...believed, ...given.map(({ certificate }) => certificate)];
  return { name: one.words, bytes, blame: one.blame, policy: { certificates, ...(lists ? { crls: lists } : {}) } };
}

function timesOf({
  issuing,
  strangeRoot,
  signer,
}: OfdWorld): readonly (readonly [words: string, stamp: Partial<StampWords>, blame: readonly string[]])[] {
  const clock = (name: string, changes: Parameters<typeof makePerson>[3] = {}, issuer: Person = issuing) =>
    makePerson('SM2', name, issuer, { extensions: [keyUsage(0), extendedUse('1.3.6.1.5.5.7.3.8')], ...changes });
  const tsa = clock('时间戳');
  const bad = 'time TIMESTAMP_INVALID';
  const over = (words: Partial<TokenWords>, stamped?: Uint8Array) => ({
    timeStamp: (value: Uint8Array) => encodeToken(stamped ?? value, { tsa, hash: 'sm3', ...words }),
  });
  const plainUse = clock('非时间戳', { extensions: [keyUsage(0)] });
  const otherUse = clock('邮件', { extensions: [keyUsage(0), extendedUse('1.3.6.1.5.5.7.3.4')] });
  const softUse = clock('不严时间戳', {
    extensions: [keyUsage(0), extension('2.5.29.37', Buffer.from('300a06082b06010505070308', 'hex'))],
  });
  return [
    ['a time of tomorrow', { at: '2026-06-04T00:00:00Z' }, ['time TIME_IN_FUTURE']],
    ['a time of next year', { at: '2027-06-04T00:00:00Z' }, ['time TIME_IN_FUTURE']],
    ['a time six minutes ahead', { at: '2026-06-03T00:06:00Z' }, ['time TIME_IN_FUTURE']],
    ['a time-stamp over another value', over({}, Buffer.from('other')), [bad]],
    ['a time-stamp whose digest is cut', over({ imprint: Buffer.alloc(16) }), [bad]],
    [
      'a time-stamp of a clock whose certificate had ended',
      over({ tsa: clock('过期时间戳', { to: '2026-06-01' }) }),
      [bad],
    ],
    [
      'a time-stamp of a clock whose certificate had not begun',
      over({ tsa: clock('未来时间戳', { from: '2026-06-03' }) }),
      [bad],
    ],
    ['a time-stamp by the signer himself', over({ tsa: signer }), [bad]],
    ['a time-stamp by who may not stamp', over({ tsa: plainUse }), [bad]],
    ['a time-stamp by who may sign mail', over({ tsa: otherUse }), [bad]],
    ['a time-stamp by who may stamp, not critically', over({ tsa: softUse }), [bad]],
    [
      'a time-stamp with a wrong value',
      over({ cms: { spoil: (value) => value.map((byte, at) => (at === 20 ? byte ^ 1 : byte)) } }),
      [bad],
    ],
    ['a time-stamp without its certificate', over({ cms: { certificates: [] } }), [bad]],
    [
      'a time-stamp that names another certificate',
      over({ cms: { attributes: 'plain', moreAttributes: [namingCertificates([signer.certificate])] } }),
      [bad],
    ],
    ['a time-stamp of other content', over({ cms: { contentType: '1.2.840.113549.1.7.1' } }), [bad]],
    ['a time-stamp of two signers', over({ cms: { signerCount: 2 } }), [bad]],
    ['a time-stamp of tomorrow', over({ at: '2026-06-04T00:00:00Z' }), ['time TIME_IN_FUTURE']],
    ['a time-stamp from before the signing', over({ at: '2026-06-02T01:00:00Z' }), ['time TIME_IN_FUTURE']],
    ['a time-stamp of no shape', { timeStamp: () => Buffer.from('token') }, [bad]],
    [
      'a time-stamp with a byte behind',
      { timeStamp: (value) => Buffer.concat([encodeToken(value, { tsa, hash: 'sm3' }), Buffer.of(0)]) },
      [bad],
    ],
    [
      'a time-stamp with an unknown critical extension',
      over({ more: [Buffer.from('a10e300c06032a030401 01ff0402 0500'.replace(/ /g, ''), 'hex')] }),
      [bad],
    ],
  ];
}

/** Time-stamps that are genuine and prove nothing do not save a signature made when its certificate had ended. */
function provingNothing({ issuing, strangeRoot }: OfdWorld): Signing[] {
  const extensions = [keyUsage(0), extendedUse('1.3.6.1.5.5.7.3.8')];
  const signer = makePerson('SM2', '过期人', issuing, { to: '2026-06-02T03:00:00Z' });
  const [tsa, wild] = [issuing, strangeRoot].map((issuer) => makePerson('SM2', '钟', issuer, { extensions }));
  if (!tsa || !wild) return [];
  const saved = (words: string, token: Omit<TokenWords, 'at'>): Signing => {
    const timeStamp = (value: Uint8Array) => encodeToken(value, { hash: 'sm3', at: '2026-06-02T02:00:00Z', ...token });
    return { words, signer, blame: OUTSIDE, stamp: { timeStamp } };
  };
  return [
    saved('a certificate that had ended, and a clock under no anchor says it was before', { tsa: wild }),
    saved('a certificate that had ended, and a time-stamp of SHA-1 says it was before', { tsa, hash: 'sha1' }),
    saved('a certificate that had ended, and a clock that is not named says it was before', {
      tsa,
      cms: { attributes: 'plain' },
    }),
  ];
}

export function* badOfdCertificates(world: OfdWorld): Generator<BadCase> {
  const { policy, signer } = world;
  for (const one of [...leavesOf(world), ...chainsOf(world)]) {
    yield badCase('OFD certificate', 'ofd', policy, signedBy(world, { ...one, words: `a certificate ${one.words}` }));
  }
  for (const one of revokedOf(world)) yield badCase('OFD revocation', 'ofd', policy, signedBy(world, one));
  for (const one of provingNothing(world)) yield badCase('OFD time', 'ofd', policy, signedBy(world, one));
  for (const [words, stamp, blame] of timesOf(world)) {
    yield badCase('OFD time', 'ofd', policy, signedBy(world, { words, signer, stamp, blame }));
  }
}
