/** OFD files of signers whose certificates, or those above them, must not be believed (RFC 5280 §6), and of times that cannot
 *  be. The files are right in all else. */
import { type Alteration, type BadCase, badCase } from './case.ts';
import { chainsOf, leavesOf, OUTSIDE, revokedOf, type Signing } from './certificate-faults.ts';
import { extendedUse, extension, keyUsage, makePerson, type Person } from './certificates.ts';
import { encodeToken, namingCertificates, type TokenWords } from './cms.ts';
import type { OfdWorld } from './ofd-world.ts';
import { encodeSeal, encodeStamp, type StampWords } from './seals.ts';
import { type SignedWords, strangerOfd } from './stranger-ofd.ts';

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
