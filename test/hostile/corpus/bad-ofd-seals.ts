/** OFD files under seals that must not be believed: by whom they were made, for whom, when, and how; and seals exchanged after
 *  sealing. Of three generations. */
import { octetString, oid, sequence } from '../../../signing/der/write-der.ts';
import { exchanged } from './bad-ofd-seal-files.ts';
import { type BadCase, badCase } from './case.ts';
import { OTHER_PURPOSES } from './certificate-faults.ts';
import {
  certify,
  encodeList,
  extendedUse,
  extendedUses,
  keyUsage,
  makePerson,
  makeSigner,
  type Person,
} from './certificates.ts';
import { encodeToken } from './cms.ts';
import type { OfdWorld } from './ofd-world.ts';
import { encodeSeal, encodeStamp, type Generation, type SealWords, sm3Of, withUnusedBits } from './seals.ts';
import { strangerOfd } from './stranger-ofd.ts';

const MALFORMED = ['structure SIGNATURE_MALFORMED', 'coverage UNCOVERED'];

const UNFIT = 'seal SEAL_MAKER_UNFIT';

const WRONG = 'seal SEAL_SIGNATURE_INVALID';

const UNLISTED = 'seal SEAL_SIGNER_UNLISTED';

const OUTSIDE = ['certificate CERTIFICATE_OUTSIDE_VALIDITY', 'trust CERTIFICATE_OUTSIDE_VALIDITY'];

interface Seal {
  readonly words: string;
  readonly how: Partial<SealWords>;
  readonly blame: readonly string[];
  readonly policy?: Parameters<typeof badCase>[3]['policy'];
  /** Which generations know of it; default: all. */
  readonly of?: readonly Generation[];
}

function sealsOf({ issuing, maker, signer, other, strange, strangeRoot, policy }: OfdWorld): Seal[] {
  const under = (name: string, changes: Parameters<typeof makePerson>[3] = {}, issuer: Person = issuing) =>
    makePerson('SM2', name, issuer, changes);
  const ended = under('过期制章人', { to: '2026-05-15' });
  const early = under('未来制章人', { from: '2026-06-20' });
  const cipher = under('加密制章人', { extensions: [keyUsage(2)] });
  const revoked = under('吊销制章人');
  const list = encodeList({ issuer: issuing, revoked: [[revoked.certificate, '2026-05-20']] });
  const notAuthority = certify(makeSigner('SM2'), { name: '冒充机构', issuer: issuing, extensions: [keyUsage(0, 1)] });
  const byNobody = under('下级制章人', {}, notAuthority);
  const signers = [signer.certificate];
  const chain = { certificates: [...(policy.certificates ?? []), notAuthority.certificate] };
  const accepted = { sealMakers: [ended.certificate, strangeRoot.certificate] };
  return [
    { words: 'of a maker who is not accepted', how: {}, policy: accepted, blame: ['seal SEAL_MAKER_NOT_ACCEPTED'] },
    {
      words: 'of no accepted maker at all',
      how: {},
      policy: { sealMakers: [] },
      blame: ['seal SEAL_MAKER_NOT_ACCEPTED'],
    },
    { words: 'of a maker under no anchor', how: { maker: strange }, blame: ['trust UNTRUSTED'] },
    { words: 'of a maker whose certificate had ended', how: { maker: ended }, blame: [UNFIT, ...OUTSIDE] },
    { words: 'of a maker whose certificate had not begun', how: { maker: early }, blame: [UNFIT, ...OUTSIDE] },
    {
      words: 'of a maker whose key is for encryption',
      how: { maker: cipher },
      blame: [UNFIT, 'certificate CERTIFICATE_USAGE'],
    },
    ...OTHER_PURPOSES.map(([words, ids, critical]) => ({
      words: `of a maker whose key is for ${words}`,
      how: { maker: under('别用制章人', { extensions: [keyUsage(0, 1), extendedUses(ids, critical)] }) },
      blame: [UNFIT, 'certificate CERTIFICATE_USAGE'],
      of: [4] as const,
    })),
    {
      words: 'of a maker who was revoked',
      how: { maker: revoked },
      policy: { crls: [list] },
      blame: ['revocation REVOKED'],
    },
    {
      words: 'of a maker under what is no authority',
      how: { maker: byNobody },
      policy: chain,
      blame: ['trust CERTIFICATE_USAGE'],
    },
    { words: 'made by the signer himself', how: { maker: signer }, blame: [UNFIT] },
    { words: 'of another signer', how: { signers: [other.certificate] }, blame: [UNLISTED] },
    { words: 'of nobody', how: { signers: [] }, blame: [UNLISTED] },
    { words: 'of a certificate cut short', how: { signers: [signer.certificate.subarray(0, -1)] }, blame: [UNLISTED] },
    {
      words: 'of the digest of another',
      how: { signers: [other.certificate], digestsBy: 'SM3' },
      blame: [UNLISTED],
      of: [4, 5],
    },
    { words: 'of a digest of SHA-256', how: { signers, digestsBy: 'SHA256' }, blame: [UNLISTED], of: [4, 5] },
    {
      words: 'of a digest of another algorithm under the name SM3',
      how: { signers, digestsBy: 'SM3', digest: (der) => sm3Of(sm3Of(der)) },
      blame: [UNLISTED],
      of: [4, 5],
    },
    {
      words: 'of a digest cut short',
      how: { signers, digestsBy: 'SM3', digest: (der) => sm3Of(der).subarray(0, 16) },
      blame: [UNLISTED],
      of: [4, 5],
    },
    { words: 'with a kind of list that there is not', how: { listType: 3 }, blame: MALFORMED, of: [4, 5] },
    { words: 'with certificates said to be digests', how: { listType: 2 }, blame: MALFORMED, of: [4, 5] },
    { words: 'that had ended', how: { to: '2026-05-30' }, blame: ['seal SEAL_OUTSIDE_VALIDITY'] },
    { words: 'that had not begun', how: { from: '2026-06-30' }, blame: ['seal SEAL_OUTSIDE_VALIDITY'] },
    { words: 'signed by another than its maker', how: { value: (info) => other.sign(info) }, blame: [WRONG] },
    { words: 'signed by its user', how: { value: (info) => signer.sign(info) }, blame: [WRONG] },
    {
      words: 'signed over something else',
      how: { value: (info) => maker.sign(Buffer.concat([info, Buffer.of(0)])) },
      blame: [WRONG],
    },
    { words: 'whose maker signed its digest', how: { value: (info) => maker.sign(sm3Of(info)) }, blame: [WRONG] },
    { words: 'signed with nothing', how: { value: () => Buffer.of() }, blame: [WRONG] },
    { words: 'under the certificate of another maker', how: { makerCertificate: other.certificate }, blame: [WRONG] },
    { words: 'under no certificate', how: { makerCertificate: Buffer.of() }, blame: [UNFIT] },
    {
      words: 'signed by RSA, as it says',
      how: { algorithm: '1.2.840.113549.1.1.11' },
      blame: ['seal ALGORITHM_UNSUPPORTED'],
    },
    { words: 'whose header is not ES', how: { header: 'XX' }, blame: MALFORMED },
    {
      words: 'with a critical extension',
      how: { extensions: sequence(sequence(oid('1.2.3'), Buffer.from('0101ff', 'hex'), octetString(Buffer.of(1)))) },
      blame: MALFORMED,
    },
    {
      words: 'with extensions of no shape',
      how: { extensions: sequence(octetString(Buffer.of(1))) },
      blame: MALFORMED,
    },
    {
      words: 'of a generation that there is not',
      how: { headerVersion: 9 },
      blame: ['structure ALGORITHM_UNSUPPORTED', 'coverage UNCOVERED'],
      of: [4, 5],
    },
  ];
}

/** Bytes of a seal changed, as many as there were, and the stamp made over it by the signer all the same. */
const PATCHES: readonly (readonly [words: string, from: string | Buffer, to: string | Buffer])[] = [
  ['the picture exchanged', Buffer.alloc(300, 7), Buffer.alloc(300, 8)],
  ['another name', '外来', '内来'],
  ['another number', '50011200000399', '50011200000398'],
  ['a later end', '20280101', '20380101'],
  ['an earlier beginning', '20260501', '20060501'],
  ['a later end in two digits', '280101', '380101'],
  ['another vendor', 'Elsewhere', 'elsewhere'],
  ['another kind of picture', 'png', 'ofd'],
];

function* generationsOf(world: OfdWorld): Generator<BadCase> {
  const { hand, maker, signer, policy } = world;
  const seals = sealsOf(world);
  for (const version of [1, 4, 5] as const) {
    const press = (eseal: Uint8Array) =>
      strangerOfd(hand, {
        value: (dataHash, propertyInfo) => encodeStamp({ version, seal: eseal, signer, dataHash, propertyInfo }),
      });
    for (const { words, how, blame, policy: changes, of } of seals) {
      if (of && !of.includes(version)) continue;
      const eseal = encodeSeal({ version, maker, signers: [signer.certificate], ...how });
      const name = `a seal of version ${version} ${words}`;
      yield badCase('OFD seal', 'ofd', policy, {
        name,
        bytes: press(eseal),
        blame,
        ...(changes ? { policy: changes } : {}),
      });
    }
    for (const [words, from, to] of PATCHES) {
      const eseal = Buffer.from(encodeSeal({ version, maker, signers: [signer.certificate] }));
      const at = eseal.lastIndexOf(from);
      // dates of version 1 have two digits of the year
      if (at < 0 || (version !== 1 && words.includes('two digits'))) continue;
      eseal.set(Buffer.from(to), at);
      const name = `a seal of version ${version}, ${words} after it was made`;
      yield badCase('OFD seal', 'ofd', policy, { name, bytes: press(eseal), blame: [WRONG] });
    }
  }
}

/** Seals of version 5 whose time-stamp is forged. */
function* stamped({ hand, maker, signer, policy, issuing }: OfdWorld): Generator<BadCase> {
  const extensions = [extendedUse('1.3.6.1.5.5.7.3.8'), keyUsage(0)];
  const tsa = makePerson('SM2', '时间戳', issuing, { extensions });
  const at = '2026-05-02T00:00:00Z';
  const forged: readonly (readonly [string, (value: Uint8Array) => Uint8Array])[] = [
    ['over another value', () => encodeToken(Buffer.from('other'), { tsa, at })],
    ['by the maker', (value) => encodeToken(value, { tsa: maker, at })],
    ['of no shape', () => Buffer.from('token')],
    [
      'with a wrong value',
      (value) =>
        encodeToken(value, { tsa, at, cms: { spoil: (made) => made.map((byte, i) => (i === 20 ? byte ^ 1 : byte)) } }),
    ],
  ];
  for (const [words, timeStamp] of forged) {
    const seal = encodeSeal({ version: 5, maker, signers: [signer.certificate], timeStamp });
    const value = (dataHash: Uint8Array, propertyInfo: string) =>
      encodeStamp({ version: 5, seal, signer, dataHash, propertyInfo });
    const name = `a seal of version 5 with a time-stamp ${words}`;
    yield badCase('OFD seal', 'ofd', policy, {
      name,
      bytes: strangerOfd(hand, { value }),
      blame: ['time TIMESTAMP_INVALID'],
    });
  }
}

export function* badOfdSeals(world: OfdWorld): Generator<BadCase> {
  yield* generationsOf(world);
  yield* stamped(world);
  yield* exchanged(world);
  const { hand, maker, signer, policy } = world;
  const broken = (value: Uint8Array) => withUnusedBits(3)(value.map((byte) => byte ^ 1));
  const eseal = encodeSeal({ maker, signers: [signer.certificate], bits: broken });
  yield badCase('OFD seal', 'ofd', policy, {
    name: 'a wrong value under wrong unused bits',
    bytes: strangerOfd(hand, { eseal }),
    blame: [WRONG],
  });
  const clock = makePerson('SM2', '时钟', world.issuing, {
    extensions: [extendedUse('1.3.6.1.5.5.7.3.8'), keyUsage(5, 6)],
  });
  const byClock = encodeSeal({ maker: clock, signers: [signer.certificate] });
  yield badCase('OFD seal', 'ofd', policy, {
    name: 'a seal made with a key that may only issue',
    bytes: strangerOfd(hand, { eseal: byClock }),
    blame: [UNFIT, 'certificate CERTIFICATE_USAGE'],
  });
}
