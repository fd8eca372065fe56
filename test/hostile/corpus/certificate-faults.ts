/** Signers of SM2 whose certificates, or those above them, must not be believed (RFC 5280 §6), and what is blamed. */
import { octetString } from '../../../signing/der/write-der.ts';
import {
  authority,
  certify,
  encodeList,
  extendedUses,
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
import type { StampWords } from './seals.ts';

export const OUTSIDE = ['certificate CERTIFICATE_OUTSIDE_VALIDITY', 'trust CERTIFICATE_OUTSIDE_VALIDITY'];
const BROKEN = 'trust CERTIFICATE_CHAIN_BROKEN';
const REVOKED = 'revocation REVOKED';

/** Whom the world knows. */
export interface Authorities {
  readonly root: Person;
  readonly issuing: Person;
  /** Believed by nobody. */
  readonly strangeRoot: Person;
}

export interface Signing {
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

/** Purposes of a key that are not the signing of documents, and whether every verifier must heed them. */
export const OTHER_PURPOSES: readonly (readonly [words: string, ids: readonly string[], critical: boolean])[] = [
  ['time-stamps, critically', ['1.3.6.1.5.5.7.3.8'], true],
  ['time-stamps', ['1.3.6.1.5.5.7.3.8'], false],
  ['answers on revocation', ['1.3.6.1.5.5.7.3.9'], false],
  ['servers and clients', ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'], false],
  ['programs', ['1.3.6.1.5.5.7.3.3'], false],
  ['what nobody here knows, critically', ['1.2.3.4.5'], true],
];

function purposesOf(leaf: (changes: { readonly extensions: readonly Uint8Array[] }) => Person): Signing[] {
  return OTHER_PURPOSES.map(([words, ids, critical]) => ({
    words: `for the purpose of ${words}`,
    signer: leaf({ extensions: [SIGNS, extendedUses(ids, critical)] }),
    blame: ['certificate CERTIFICATE_USAGE'],
  }));
}

export function leavesOf({ issuing, strangeRoot }: Authorities): Signing[] {
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
    ...purposesOf(leaf),
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

export function chainsOf({ root, issuing, strangeRoot }: Authorities): Signing[] {
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

export function revokedOf({ root, issuing, strangeRoot }: Authorities): Signing[] {
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
    ['revoked before, as a list without end says', [list({ to: null, revoked: lost('2026-06-01') })]],
    [
      'revoked before, and a later list without end does not know',
      [list({ revoked: lost('2026-06-01', reason(6)) }), list({ from: '2026-06-02T12:00:00Z', to: null })],
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
