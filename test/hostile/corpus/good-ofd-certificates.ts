/** Genuine OFD files of signers whose certificates are good though their time has passed, their chains are long, or revocation
 *  says nothing. */
import {
  authority,
  certify,
  encodeList,
  extendedUse,
  extendedUses,
  extension,
  ISSUES,
  keyUsage,
  makeAuthority,
  makePerson,
  makeSigner,
  type Person,
  reason,
  SIGNS,
} from './certificates.ts';
import { encodeToken } from './cms.ts';
import type { OfdWorld } from './ofd-world.ts';
import type { StampWords } from './seals.ts';

interface Signed {
  readonly words: string;
  readonly signer: Person;
  readonly given?: readonly Person[];
  readonly lists?: readonly Uint8Array[];
  readonly stamp?: Partial<StampWords>;
  readonly at?: string;
}

export function certificatesOf({ root, issuing }: OfdWorld): Signed[] {
  const leaf = (changes: Parameters<typeof makePerson>[3] = {}, issuer: Person = issuing) =>
    makePerson('SM2', '签章人', issuer, changes);
  const above = (name: string, issuer: Person, changes: Parameters<typeof makeAuthority>[3] = {}) =>
    makeAuthority('SM2', name, issuer, changes);
  const [two, plain] = [above('二级签发', issuing), above('无用途签发', root, { extensions: [authority()] })];
  const [three, last] = [above('三级签发', two), above('末级签发', root, { extensions: [authority(0), ISSUES] })];
  const otherKey = makeAuthority('P-256', '椭圆签发', root);
  const rsaKey = makeAuthority('RSA', 'RSA签发', root);
  const ended = above('后来过期', root, { to: '2026-06-02T12:00:00Z' });
  const renewed = certify(issuing, { name: '外省签发', issuer: root, extensions: [authority(), ISSUES] });
  const harmless = [extension('2.5.29.32', Buffer.from('300730050603 2a0304'.replace(' ', ''), 'hex'), true)];
  return [
    { words: 'without uses', signer: leaf({ extensions: [] }) },
    { words: 'for digital signatures', signer: leaf({ extensions: [keyUsage(0)] }) },
    { words: 'for non-repudiation', signer: leaf({ extensions: [keyUsage(1)] }) },
    { words: 'for signatures and encryption', signer: leaf({ extensions: [keyUsage(0, 1, 2, 3)] }) },
    { words: 'with critical policies', signer: leaf({ extensions: [SIGNS, ...harmless] }) },
    {
      words: 'with an unknown extension',
      signer: leaf({ extensions: [SIGNS, extension('1.2.3.4', Buffer.of(5, 0))] }),
    },
    { words: 'with uses of mail', signer: leaf({ extensions: [SIGNS, extendedUse('1.3.6.1.5.5.7.3.4')] }) },
    ...[
      ['of clients and mail', ['1.3.6.1.5.5.7.3.2', '1.3.6.1.5.5.7.3.4']],
      ['of documents', ['1.3.6.1.5.5.7.3.36']],
      ['of documents, as Adobe names it', ['1.2.840.113583.1.1.5']],
      ['of documents, as Microsoft names it', ['1.3.6.1.4.1.311.10.3.12']],
      ['of any kind', ['2.5.29.37.0']],
      ['of clients and of what nobody here knows', ['1.3.6.1.5.5.7.3.2', '1.2.3.4.5']],
    ].map(([kind, ids]) => ({
      words: `with uses ${kind}`,
      signer: leaf({ extensions: [SIGNS, extendedUses([...(ids ?? [])])] }),
    })),
    { words: 'that begins with the signing', signer: leaf({ from: '2026-06-02T03:04:05Z' }) },
    { words: 'that ends with the signing', signer: leaf({ to: '2026-06-02T03:04:05Z' }) },
    { words: 'that ended after the signing', signer: leaf({ to: '2026-06-02T12:00:00Z' }) },
    { words: 'judged long after its end', signer: leaf({ to: '2027-01-01' }), at: '2036-01-01' },
    {
      words: 'of a name in other letters',
      signer: certify(makeSigner('SM2'), { name: 'Ünïcödé 签章 Ж', issuer: issuing, extensions: [SIGNS] }),
    },
    {
      words: 'of a long name',
      signer: certify(makeSigner('SM2'), { name: '名'.repeat(200), issuer: issuing, extensions: [SIGNS] }),
    },
    { words: 'of a large serial number', signer: leaf({ serial: Number.MAX_SAFE_INTEGER }) },
    { words: 'after 2050', signer: leaf({ to: '2070-01-01' }) },
    { words: 'under the root itself', signer: leaf({}, root) },
    { words: 'under two authorities', signer: leaf({}, two), given: [two] },
    { words: 'under three authorities', signer: leaf({}, three), given: [three, two] },
    { words: 'under the last authority of its path', signer: leaf({}, last), given: [last] },
    { words: 'under an authority without uses', signer: leaf({}, plain), given: [plain] },
    { words: 'under an authority of another curve', signer: leaf({}, otherKey), given: [otherKey] },
    { words: 'under an authority of RSA', signer: leaf({}, rsaKey), given: [rsaKey] },
    { words: 'under an authority that ended after the signing', signer: leaf({}, ended), given: [ended] },
    { words: 'under an authority whose certificate was renewed', signer: leaf(), given: [renewed] },
  ];
}

export function revocationsOf({ issuing, root, strangeRoot }: OfdWorld): Signed[] {
  const signer = makePerson('SM2', '签章人', issuing);
  const other = makePerson('SM2', '旁人', issuing);
  const list = (words: Partial<Parameters<typeof encodeList>[0]> = {}) => encodeList({ issuer: issuing, ...words });
  const mine = (date: string, ...more: readonly Uint8Array[]) => [[signer.certificate, date, ...more] as const];
  return (
    [
      ['no list', []],
      ['a clean list', [list()]],
      ['clean lists up to the root', [list(), encodeList({ issuer: root })]],
      ['a list of others', [list({ revoked: [[other.certificate, '2026-01-01']] })]],
      ['a stale list', [list({ from: '2026-01-01', to: '2026-02-01' })]],
      ['a stale list and a new one', [list({ from: '2026-01-01', to: '2026-02-01' }), list()]],
      ['a list without end', [list({ to: null })]],
      ['a list older than the certificate', [list({ from: '2001-01-01' })]],
      ['a list of another authority', [encodeList({ issuer: strangeRoot, revoked: mine('2026-01-01') })]],
      ['a list forged by another key', [list({ by: strangeRoot, revoked: mine('2026-01-01') })]],
      ['a list of the future', [list({ from: '2026-09-01', to: '2026-10-01', revoked: mine('2026-01-01') })]],
      [
        'a list that revokes it after the signing',
        [list({ from: '2026-06-02T12:00:00Z', revoked: mine('2026-06-02T10:00:00Z') })],
      ],
      ['a list that revokes it a second later', [list({ revoked: mine('2026-06-02T03:04:06Z') })]],
      [
        'a list that holds it, and a later one that frees it',
        [list({ from: '2026-05-01', revoked: mine('2026-04-01', reason(6)) }), list({ from: '2026-06-02T12:00:00Z' })],
      ],
      ['many lists', Array.from({ length: 20 }, () => list())],
      ['bytes that are no list', [Buffer.from('list')]],
    ] as const
  ).map(([words, lists]) => ({ words: `with ${words}`, signer, lists }));
}

export function timesOf({ issuing, strangeRoot }: OfdWorld): Signed[] {
  const extensions = [keyUsage(0), extendedUse('1.3.6.1.5.5.7.3.8')];
  const tsa = makePerson('SM2', '时间戳', issuing, { extensions });
  const [elliptic, rsa] = [
    makePerson('P-256', 'Clock', issuing, { extensions }),
    makePerson('RSA', 'Clock', issuing, { extensions }),
  ];
  const wild = makePerson('SM2', '野时间戳', strangeRoot, { extensions });
  const signer = makePerson('SM2', '签章人', issuing);
  const brief = makePerson('SM2', '短期人', issuing, { to: '2026-06-02T12:00:00Z' });
  const over = (words: Parameters<typeof encodeToken>[1]): Partial<StampWords> => ({
    timeStamp: (value) => encodeToken(value, words),
  });
  const revoked = encodeList({
    issuer: issuing,
    from: '2026-06-02T20:00:00Z',
    revoked: [[signer.certificate, '2026-06-02T10:00:00Z']],
  });
  return [
    { words: 'a time-stamp of SM2 and SM3', signer, stamp: over({ tsa, hash: 'sm3' }) },
    { words: 'a time-stamp of SM2 over SHA-256', signer, stamp: over({ tsa }) },
    { words: 'a time-stamp of ECDSA', signer, stamp: over({ tsa: elliptic }) },
    { words: 'a time-stamp of RSA', signer, stamp: over({ tsa: rsa }) },
    { words: 'a time-stamp of RSA over SHA-512', signer, stamp: over({ tsa: rsa, hash: 'sha512' }) },
    {
      words: 'a time-stamp with its chain',
      signer,
      stamp: over({ tsa, cms: { certificates: [tsa.certificate, issuing.certificate] } }),
    },
    { words: 'a time-stamp of a stranger, which proves nothing', signer, stamp: over({ tsa: wild }) },
    { words: 'a time-stamp of SHA-1, which proves nothing', signer, stamp: over({ tsa, hash: 'sha1' }) },
    { words: 'a time-stamp, judged after everything ended', signer: brief, stamp: over({ tsa }), at: '2040-01-01' },
    { words: 'a time-stamp, and the certificate revoked later', signer, stamp: over({ tsa }), lists: [revoked] },
    { words: 'a time five minutes ahead', signer, stamp: { at: '2026-06-03T00:04:59Z' } },
  ];
}
