/** Genuine OFD files of ours in all shapes, and of signers whose certificates are good though their time has passed, their
 *  chains are long, or revocation says nothing. */
import { sealOfd, signOfd } from '../../../signing/index.ts';
import { packFiles } from '../../../signing/zip/packed-file.ts';
import { smallPackage } from '../../signing/ofd/sealed-package.ts';
import type { GoodCase } from './case.ts';
import {
  authority,
  certify,
  encodeList,
  extendedUse,
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
import { PAGE_IDS, richFiles } from './rich-package.ts';
import { encodeSeal, encodeStamp, type StampWords } from './seals.ts';
import { strangerOfd } from './stranger-ofd.ts';

async function* shapes({ office, bases, hand, policy }: OfdWorld): AsyncGenerator<GoodCase> {
  const good = (name: string, bytes: Uint8Array, changes: Partial<GoodCase> = {}): GoodCase => {
    return { family: 'OFD of ours', format: 'ofd', name, bytes, policy: office.policy, warned: [], ...changes };
  };
  const rich = () => ({ files: packFiles(richFiles()), pageIds: PAGE_IDS });
  for (const { name, bytes, policy: believed } of Object.values(bases)) yield good(name, bytes, { policy: believed });
  const box = [120, 200, 42, 42] as const;
  const seams = [0, 1].map((page) => ({
    page,
    box: [200, 100, 42, 42] as const,
    clip: [page * 21, 0, 21, 42] as const,
  }));
  for (const [words, stamps] of [
    ['one stamp', [{ page: 0, box }]],
    ['a stamp on the second page', [{ page: 1, box }]],
    [
      'two stamps on one page',
      [
        { page: 0, box },
        { page: 0, box: [10, 10, 42, 42] as const },
      ],
    ],
    ['a seal over the seam', seams],
    ['stamps and a seam', [{ page: 0, box }, ...seams]],
    ['a stamp over the edge', [{ page: 0, box: [-20, 280.25, 42, 42] as const }]],
  ] as const) {
    yield good(`small, ${words}`, await office.press({ stamps: [...stamps] }, smallPackage()));
    yield good(`rich, ${words}`, await office.press({ stamps: [...stamps] }, rich()));
  }
  for (const name of ['郑州市市场监督管理局', '长'.repeat(60), 'A & B <Ltd> "x"', "O'Neil", '﨑𠮷']) {
    const member = await office.member(name.slice(0, 40));
    const seal = await office.sealFor(member.certificate, name);
    const provider = { ...office.request.provider, company: name };
    yield good(`in the name of ${name.slice(0, 20)}`, await office.press({ signer: member, seal, provider }, rich()));
  }
  const timeStamper = office.clock(office.tsa, new Date('2026-06-02T03:05:00Z'));
  const believed = { ...office.policy, certificates: [...(office.policy.certificates ?? []), office.tsa.certificate] };
  const stamped = await office.press({ timeStamper }, rich());
  yield good('with a time-stamp', stamped, { policy: believed });
  yield good('with a time-stamp, judged in twenty years', stamped, {
    policy: { ...believed, at: new Date('2046-01-01T00:00:00Z') },
  });
  yield good('judged in twenty years', bases.sealed.bytes, {
    policy: { ...office.policy, at: new Date('2046-01-01T00:00:00Z') },
  });
  yield good('judged at the second of signing', bases.sealed.bytes, {
    policy: { ...office.policy, at: office.request.at },
  });
  yield good('signed alone, with proof', await signOfd(rich(), office.outer));
  yield good(
    'signed twice',
    await signOfd(bases.signed.bytes, {
      ...office.outer,
      timeStamper: office.clock(office.tsa, new Date('2026-06-02T05:01:00Z')),
      at: new Date('2026-06-02T05:00:00Z'),
    }),
  );
  yield good(
    'sealed, signed, sealed again',
    await sealOfd(bases.signed.bytes, { ...office.request, at: new Date('2026-06-02T06:00:00Z') }),
  );
  const lists = [await office.listOf(), await office.listOf([], office.authority.sm2.root)];
  yield good('with revocation lists', bases.sealed.bytes, { policy: { ...office.policy, crls: lists } });
  yield good('of an accepted maker', bases.sealed.bytes, {
    policy: { ...office.policy, sealMakers: [office.maker.certificate] },
  });
  yield good('of a maker whose authority is accepted', bases.sealed.bytes, {
    policy: { ...office.policy, sealMakers: [office.authority.sm2.issuing.certificate] },
  });
  const both = { ...policy, certificates: [...(policy.certificates ?? []), ...(office.policy.certificates ?? [])] };
  yield good('of others, sealed by us too', await sealOfd(bases.foreign.bytes, office.request), { policy: both });
  yield good('of others, signed by us too', await signOfd(strangerOfd(hand), office.outer), { policy: both });
}

interface Signed {
  readonly words: string;
  readonly signer: Person;
  readonly given?: readonly Person[];
  readonly lists?: readonly Uint8Array[];
  readonly stamp?: Partial<StampWords>;
  readonly at?: string;
}

function certificatesOf({ root, issuing }: OfdWorld): Signed[] {
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

function revocationsOf({ issuing, root, strangeRoot }: OfdWorld): Signed[] {
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

function timesOf({ issuing, strangeRoot }: OfdWorld): Signed[] {
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

export async function* goodOfdOurs(world: OfdWorld): AsyncGenerator<GoodCase> {
  const { maker, policy } = world;
  yield* shapes(world);
  const families = { 'OFD certificates': certificatesOf, 'OFD revocation lists': revocationsOf, 'OFD times': timesOf };
  for (const [family, makeAll] of Object.entries(families)) {
    for (const { words, signer, given = [], lists, stamp, at } of makeAll(world)) {
      const seal = encodeSeal({ maker, signers: [signer.certificate] });
      const bytes = strangerOfd(
        { signer, maker },
        { value: (dataHash, propertyInfo) => encodeStamp({ seal, signer, dataHash, propertyInfo, ...stamp }) },
      );
      const certificates = [...(policy.certificates ?? []), ...given.map(({ certificate }) => certificate)];
      const believed = {
        ...policy,
        certificates,
        ...(lists ? { crls: lists } : {}),
        ...(at ? { at: new Date(at) } : {}),
      };
      yield { family, format: 'ofd', name: words, bytes, policy: believed, warned: [] };
    }
  }
}
