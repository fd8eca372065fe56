/** Signed data of every genuine kind in PDF files, and documents in every form. */
import { octetString } from '../../../signing/der/write-der.ts';
import { encodeList, makeAuthority, makePerson, type Person } from './certificates.ts';
import {
  attribute,
  type CmsWords,
  encodeCms,
  encodeToken,
  namingCertificates,
  signingTime,
  timeStampAttribute,
} from './cms.ts';
import { stream } from './pdf-text.ts';
import { PART, type PdfWorld, type SignedWords } from './pdf-world.ts';

const PLAIN = 'adbe.pkcs7.detached';

type Kind = readonly [
  words: string,
  signer: Person,
  how: SignedWords,
  warned?: readonly string[],
  more?: readonly Person[],
];

export function* signedDataOf({ signer, other, sm2, tsa, issuing, root, policy }: PdfWorld): Generator<Kind> {
  const [p384, p521] = [makePerson('P-384', 'P-384', issuing), makePerson('P-521', 'P-521', issuing)];
  const weak = makePerson('RSA-1024', 'RSA-1024', issuing);
  const [two, three] = [makeAuthority('P-256', '二级', issuing), makeAuthority('P-256', '三级', issuing)];
  const deep = makePerson('P-256', 'Deep', two);
  const cms = (words: Partial<CmsWords>, more: SignedWords = {}): SignedWords => ({ ...more, cms: words });
  for (const hash of ['sha256', 'sha384', 'sha512'] as const) {
    yield [`RSA with ${hash}`, signer, cms({ hash })];
    yield [`RSA with ${hash}, plainly`, signer, cms({ hash }, { subFilter: PLAIN })];
    yield [`RSA with ${hash}, without attributes`, signer, cms({ hash, attributes: 'none' }, { subFilter: PLAIN })];
    yield [`ECDSA P-256 with ${hash}`, other, cms({ hash })];
    yield [`ECDSA P-384 with ${hash}`, p384, cms({ hash })];
    yield [`ECDSA P-521 with ${hash}`, p521, cms({ hash }, { subFilter: PLAIN })];
    for (const saltLength of [0, 20, 32, 64])
      yield [`PSS with ${hash} and a salt of ${saltLength}`, signer, cms({ hash, saltLength })];
  }
  yield ['ECDSA without attributes', other, cms({ attributes: 'none' }, { subFilter: PLAIN })];
  yield ['PSS without attributes', signer, cms({ attributes: 'none', saltLength: 32 }, { subFilter: PLAIN })];
  yield ['SM2', sm2, {}];
  yield ['SM2, plainly', sm2, { subFilter: PLAIN }];
  yield ['SM2 without attributes', sm2, cms({ attributes: 'none' }, { subFilter: PLAIN })];
  yield ['SM2 under Chinese identifiers', sm2, cms({ gm: true }, { subFilter: PLAIN })];
  yield ['a certificate named by its key', signer, cms({ byKeyId: true })];
  yield [
    'its certificate named by SHA-512',
    signer,
    cms({ attributes: 'plain', moreAttributes: [namingCertificates([signer.certificate], 'sha512')] }),
  ];
  yield ['its chain', signer, cms({ certificates: [signer.certificate, issuing.certificate] })];
  yield [
    'its chain up to the root',
    signer,
    cms({ certificates: [root.certificate, issuing.certificate, signer.certificate] }),
  ];
  yield [
    'its chain, all named',
    signer,
    cms({
      certificates: [signer.certificate, issuing.certificate],
      attributes: 'plain',
      moreAttributes: [namingCertificates([signer.certificate, issuing.certificate])],
    }),
  ];
  yield [
    'a chain of four',
    deep,
    cms({ certificates: [deep.certificate, two.certificate, issuing.certificate, root.certificate] }),
  ];
  yield ['a chain at hand', deep, {}, [], [two, three]];
  yield ['lists inside', signer, cms({ lists: [encodeList({ issuer: issuing })] })];
  yield [
    'a time of signing',
    signer,
    cms({ moreAttributes: [signingTime('2026-06-02T03:04:05Z')] }, { subFilter: PLAIN }),
  ];
  yield [
    'an attribute that nobody knows',
    signer,
    cms({ moreAttributes: [attribute('1.2.3.4.5', octetString(Buffer.of(1)))] }),
  ];
  yield [
    'an attribute beside that nobody knows',
    signer,
    cms({ unsigned: () => [attribute('1.2.3.4.5', octetString(Buffer.of(1)))] }),
  ];
  yield ['a time-stamp', signer, cms({ unsigned: (value) => [timeStampAttribute(encodeToken(value, { tsa }))] })];
  yield [
    'a time-stamp over SHA-512',
    signer,
    cms({ unsigned: (value) => [timeStampAttribute(encodeToken(value, { tsa, hash: 'sha512' }))] }),
  ];
  yield [
    'SM2 and a time-stamp of SM3',
    sm2,
    cms({ unsigned: (value) => [timeStampAttribute(encodeToken(value, { tsa, hash: 'sm3' }))] }),
  ];
  yield ['a short key of RSA', weak, {}, ['KEY_TOO_SHORT']];
  const shell = (content: Uint8Array) => {
    const der = encodeCms(content, { signer });
    return Buffer.concat([Buffer.of(0x30, 0x80), der.subarray(4), Buffer.of(0, 0)]);
  };
  yield ['a shell of BER', signer, { make: shell }, ['BER_SHELL']];
  void policy;
}

export function* documentsOf({ signer }: PdfWorld): Generator<Kind> {
  yield ['cross-references in a stream', signer, { form: 'stream' }];
  for (const level of [1, 2, 3] as const) {
    yield [`certified at level ${level}`, signer, { level }];
    yield [`certified at level ${level}, with streams`, signer, { level, form: 'stream' }];
  }
  yield [
    'no time said',
    signer,
    { at: '', cms: { moreAttributes: [signingTime('2026-06-02T03:04:05Z')] }, subFilter: PLAIN },
  ];
  yield ['a time with the zone of China', signer, { at: "D:20260602110405+08'00'" }];
  yield ['a time with a zone without quotes', signer, { at: 'D:20260602110405+0800' }];
  yield ['a time without a zone', signer, { at: 'D:20260602030405' }];
  yield ['a day alone', signer, { at: 'D:20260602' }];
  yield ['another handler', signer, { filter: 'Adobe.PPKMS' }];
  yield [
    'words of the signer',
    signer,
    { more: '/Name (Zhang San) /Reason (because) /Location (here) /ContactInfo (x)' },
  ];
  yield ['a name in UTF-16', signer, { more: '/Name <FEFF5F204E09>' }];
  yield ['what built it', signer, { more: '/Prop_Build << /App << /Name /Example >> >>' }];
  yield ['a large room', signer, { room: 20_000 }];
  yield [
    'a seen signature',
    signer,
    {
      changes: {
        [PART.field]:
          '<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /F 132 /P 3 0 R /Rect [50 50 90 90] /V 8 0 R /AP << /N 15 0 R >> >>',
      },
    },
  ];
  yield [
    'a name in Chinese for its field',
    signer,
    {
      changes: {
        [PART.field]:
          '<< /Type /Annot /Subtype /Widget /FT /Sig /T <FEFF7B7E540D> /F 132 /P 3 0 R /Rect [0 0 0 0] /V 8 0 R >>',
      },
    },
  ];
  yield ['a comment in the file', signer, { changes: { [PART.content]: `% a comment\n${stream('BT ET')}` } }];
}
