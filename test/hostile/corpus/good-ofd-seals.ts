/** Genuine OFD files of others under seals of three generations by an independent encoder, and with signatures of GB/T 35275 that
 *  press no seal. */
import {
  certificateTime,
  element,
  generalizedTime,
  octetString,
  oid,
  sequence,
} from '../../../signing/der/write-der.ts';
import type { GoodCase } from './case.ts';
import { extendedUse, keyUsage, makePerson } from './certificates.ts';
import { attribute, type CmsWords, encodeCms, encodeToken, signingTime } from './cms.ts';
import type { OfdWorld } from './ofd-world.ts';
import { richFiles } from './rich-package.ts';
import { encodeSeal, encodeStamp, rawOf, type SealWords, type StampWords, withUnusedBits } from './seals.ts';
import { listXml, type SignedWords, strangerOfd } from './stranger-ofd.ts';
import { entriesOf, zip } from './zip.ts';

const PLACE = '/Doc_0/Signs/Sign_0/Signature.xml';

const base = new Date('2026-06-02T03:04:05Z');

const makeTimes = (): readonly (readonly [words: string, time: Uint8Array, warned: readonly string[]])[] => {
  const bits = (text: string) => element(3, Uint8Array.of(0), Buffer.from(text));
  const text = ['TEXT_TIME'];
  return [
    ['UTCTime', certificateTime(base), []],
    ['GeneralizedTime', generalizedTime(base), []],
    ['text with a space', bits('2026-06-02 11:04:05'), text],
    ['text of ISO', bits('2026-06-02T03:04:05Z'), text],
    ['text of ISO with a zone', bits('2026-06-02T11:04:05+08:00'), text],
    ['text of ISO with a fraction', bits('2026-06-02T03:04:05.678Z'), text],
    ['text of GeneralizedTime', bits('20260602030405Z'), text],
    ['text without a zone', bits('20260602110405'), text],
    ['text of UTCTime', bits('260602030405Z'), text],
    ['seconds', bits('1780369445'), text],
    ['text in an OCTET STRING', octetString(Buffer.from('20260602030405Z')), text],
  ];
};

export function* sealsOf({ hand, maker, signer, other, policy, issuing }: OfdWorld): Generator<GoodCase> {
  const extensions = sequence(
    sequence(oid('1.2.156.10197.6.7.2.2.1'), Buffer.from('010100', 'hex'), octetString(Buffer.from('2.1'))),
  );
  const plain = sequence(sequence(oid('1.2.3'), octetString(Buffer.from('2.1'))));
  const raw = (value: Uint8Array) => element(3, Uint8Array.of(0), ...rawOf(value));
  type Made = readonly [
    words: string,
    seal: Partial<SealWords>,
    stamp?: Partial<StampWords>,
    warned?: readonly string[],
  ];
  const all: readonly Made[] = [
    ['plain', {}],
    ['with extensions', { extensions }],
    ['with extensions that leave criticality out', { extensions: plain }],
    ['for two signers', { signers: [other.certificate, signer.certificate] }],
    ['with a package for a picture', { pictureType: 'ofd', picture: zip(entriesOf(richFiles())) }],
    ['with a GIF for a picture', { pictureType: 'gif' }],
    ['with a name in Chinese', { name: '郑州市市场监督管理局行政审批专用章（1）' }],
    ['with a long name', { name: '章'.repeat(300) }],
    ['with no name', { name: '' }],
    ['with a large picture', { picture: Buffer.alloc(200_000, 3) }],
    ['that begins with the signing', { from: '2026-06-02T03:04:05Z' }],
    ['that ends with the signing', { to: '2026-06-02T03:04:05Z' }],
    ['with a raw value of the maker', { bits: raw }, {}, ['RAW_SIGNATURE']],
    ['with wrong unused bits of the maker', { bits: withUnusedBits(1) }, {}, ['UNUSED_BITS']],
    ['with a raw value of the signer', {}, { bits: raw }, ['RAW_SIGNATURE']],
    ['with wrong unused bits of the signer', {}, { bits: withUnusedBits(3) }, ['UNUSED_BITS']],
    ['with eight unused bits', {}, { bits: withUnusedBits(8) }, ['UNUSED_BITS']],
    ['with both raw', { bits: raw }, { bits: raw }, ['RAW_SIGNATURE']],
    ['with wrong unused bits of the hash', {}, { hashElement: withUnusedBits(5) }, ['UNUSED_BITS']],
    ['with a place of JSON', {}, { propertyInfo: '{"path":"/Doc_0"}' }],
    ['with a number for a place', {}, { propertyInfo: '1' }],
    ['with no place', {}, { propertyInfo: '' }],
    ['with a blank place', {}, { propertyInfo: ' ' }],
  ];
  const made = (version: 1 | 4 | 5, [words, seal, stamp = {}, warned = []]: Made): GoodCase => {
    const eseal = encodeSeal({ version, maker, signers: [signer.certificate], ...seal });
    const bytes = strangerOfd(hand, {
      sealFile: eseal,
      value: (dataHash, propertyInfo) =>
        encodeStamp({ version, seal: eseal, signer, dataHash, propertyInfo, ...stamp }),
    });
    return {
      family: 'OFD seals of others',
      format: 'ofd',
      name: `version ${version}, ${words}`,
      bytes,
      policy,
      warned,
    };
  };
  for (const version of [1, 4, 5] as const) for (const one of all) yield made(version, one);
  for (const version of [4, 5] as const) {
    for (const digestsBy of ['SM3', 'sm3', '1.2.156.10197.1.401'])
      yield made(version, [`digests by ${digestsBy}`, { digestsBy }]);
    yield made(version, ['extensions of the stamp', {}, { extensions: plain }]);
  }
  const tsa = makePerson('SM2', '时间戳', issuing, { extensions: [keyUsage(0), extendedUse('1.3.6.1.5.5.7.3.8')] });
  const timeStamp = (made: Uint8Array) => encodeToken(made, { tsa, hash: 'sm3', at: '2026-05-02T00:00:00Z' });
  yield made(5, ['a time-stamp of the seal', { timeStamp }]);
  for (const [words, time, warned] of makeTimes()) yield made(1, [`a time in ${words}`, {}, { time }, warned]);
  yield made(1, ['a hash in an OCTET STRING', {}, { hashElement: octetString }]);
  for (const accepted of [maker, issuing]) {
    const believed = { ...policy, sealMakers: [accepted.certificate] };
    yield {
      ...made(4, [`of an accepted maker, ${accepted === maker ? 'by name' : 'by its authority'}`, {}]),
      policy: believed,
    };
  }
}

export function* signsOf({ hand, policy, signer, issuing, root }: OfdWorld): Generator<GoodCase> {
  const list = listXml(`<ofd:Signature ID="s001" Type="Sign" BaseLoc="${PLACE}"/>`);
  const digest = (hash: Uint8Array) => attribute('1.2.840.113549.1.9.4', octetString(hash));
  const signed = (
    words: string,
    value: NonNullable<SignedWords['value']>,
    warned: readonly string[] = [],
    more = policy,
  ): GoodCase => ({
    family: 'OFD signatures of others without a seal',
    format: 'ofd',
    name: words,
    bytes: strangerOfd(hand, { list, value }),
    policy: more,
    warned,
  });
  const gm = (cms: Partial<CmsWords>) => (hash: Uint8Array) =>
    encodeCms(hash, { signer, gm: true, attributes: 'none', ...cms });
  const type = attribute('1.2.840.113549.1.9.3', oid('1.2.156.10197.6.1.4.2.1'));
  yield signed('signed data with the digest inside', (hash) => gm({ content: hash })(hash));
  yield signed('signed data without content', gm({}));
  yield signed('signed data with its chain', (hash) =>
    gm({ content: hash, certificates: [signer.certificate, issuing.certificate, root.certificate] })(hash),
  );
  yield signed(
    'signed data whose authority it brings',
    gm({ certificates: [signer.certificate, issuing.certificate] }),
    [],
    { ...policy, certificates: [root.certificate] },
  );
  yield signed('signed data with attributes', (hash) =>
    gm({ attributes: 'plain', onlyAttributes: [type, digest(hash)] })(hash),
  );
  yield signed('signed data with a time', (hash) =>
    gm({ attributes: 'plain', onlyAttributes: [type, digest(hash), signingTime('2026-06-02T03:04:05Z')] })(hash),
  );
  yield signed('the algorithm of SM2 by its own number', gm({ algorithm: sequence(oid('1.2.156.10197.1.301.1')) }));
  const known = { ...policy, certificates: [...(policy.certificates ?? []), signer.certificate] };
  yield signed('a bare value', (_hash, _path, text) => signer.sign(text), ['BARE_SIGNATURE'], known);
  yield signed(
    'a bare raw value',
    (_hash, _path, text) => Buffer.concat([...rawOf(signer.sign(text))]),
    ['BARE_SIGNATURE'],
    known,
  );
}
