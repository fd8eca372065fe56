/** Who signs and judges PDF files of the corpus; keys are made once. The documents that are altered. */
import { appendSignature, extendPdf, sealPdf, signPdf, type VerificationPolicy } from '../../../signing/index.ts';
import { softwareKeyFromPkcs8 } from '../../../signing/keys/software-key.ts';
import { preparedPdf } from '../../signing/pdf/signed-pdf.ts';
import { encodeList, extendedUse, keyUsage, makeAuthority, makePerson, type Person } from './certificates.ts';
import { type CmsWords, encodeCms, encodeToken } from './cms.ts';
import { buildPdf, type SignatureWords, signText, stream, waiting } from './pdf-text.ts';
import { encodeSeal } from './seals.ts';

export const JUDGED = new Date('2026-06-03T00:00:00Z');
export const SIGNED = new Date('2026-06-02T03:04:05Z');

/** Object numbers of the plain document. */
export const PART = {
  catalogue: 1,
  pages: 2,
  page: 3,
  content: 4,
  font: 5,
  form: 6,
  field: 7,
  signature: 8,
  text: 9,
  secondPage: 10,
  secondContent: 11,
  comment: 12,
  info: 13,
  metadata: 14,
  hidden: 15,
  picture: 16,
  layer: 17,
} as const;

/** Parts of a document of two pages with a form, a comment, metadata, a layer, and something that nothing names. */
export function partsWith(signature: string, changes: Readonly<Record<number, string>> = {}): Map<number, string> {
  const shown = (words: string) => stream(`BT /F1 24 Tf 60 700 Td (${words}) Tj ET`);
  const parts = new Map<number, string>([
    [
      1,
      '<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R /Metadata 14 0 R /OCProperties << /OCGs [17 0 R] /D << /ON [17 0 R] >> >> >>',
    ],
    [2, '<< /Type /Pages /Kids [3 0 R 10 0 R] /Count 2 >>'],
    [
      3,
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> /XObject << /I 16 0 R >> >> /Annots [7 0 R 9 0 R 12 0 R] >>',
    ],
    [4, shown('Licence 91410100MA00000001')],
    [5, '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>'],
    [6, '<< /Fields [7 0 R 9 0 R] /SigFlags 3 /DA (/F1 10 Tf) >>'],
    [7, '<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /F 132 /P 3 0 R /Rect [0 0 0 0] /V 8 0 R >>'],
    [8, signature],
    [
      9,
      '<< /Type /Annot /Subtype /Widget /FT /Tx /T (holder) /F 4 /P 3 0 R /Rect [60 600 300 620] /V (Zhang) /DV (Zhang) >>',
    ],
    [
      10,
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 11 0 R /Resources << /Font << /F1 5 0 R >> >> >>',
    ],
    [11, shown('Second page')],
    [12, '<< /Type /Annot /Subtype /Text /Rect [400 700 420 720] /P 3 0 R /F 4 /Contents (a comment) >>'],
    [13, '<< /Title (Licence) /Producer (Elsewhere) >>'],
    [14, stream('<x:xmpmeta xmlns:x="adobe:ns:meta/"/>', '/Type /Metadata /Subtype /XML')],
    [15, shown('Licence 91410100MA99999999')],
    [
      16,
      stream(
        '\x00\x00\x00',
        '/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceRGB',
      ),
    ],
    [17, '<< /Type /OCG /Name (Layer) >>'],
  ]);
  for (const [number, body] of Object.entries(changes)) parts.set(Number(number), body);
  return parts;
}

const TRAILER = '/Info 13 0 R /ID [<00112233445566778899aabbccddeeff> <00112233445566778899aabbccddeeff>]';

/** The certification of a document at a level. */
export const certifying = (level: 1 | 2 | 3): string =>
  `/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /Type /TransformParams /P ${level} /V /1.2 >> >>]`;

export const withPermission = (parts: Map<number, string>): Map<number, string> =>
  parts.set(1, (parts.get(1) ?? '').replace('/AcroForm', '/Perms << /DocMDP 8 0 R >> /AcroForm'));

export interface SignedWords extends SignatureWords {
  readonly cms?: Partial<CmsWords>;
  readonly changes?: Readonly<Record<number, string>>;
  readonly level?: 1 | 2 | 3;
  readonly form?: 'table' | 'stream';
  readonly make?: (content: Uint8Array) => Uint8Array;
  readonly range?: (numbers: readonly number[]) => string;
}

/** A document signed by the person, as others sign. */
export function strangerPdf(signer: Person, words: SignedWords = {}): Uint8Array {
  const { level, cms } = words;
  const more = `${words.more ?? ''} ${level ? certifying(level) : ''}`;
  const parts = partsWith(waiting({ ...words, more }), words.changes);
  const pdf = buildPdf(level ? withPermission(parts) : parts, TRAILER, words.form);
  const attributes = (words.subFilter ?? 'ETSI').startsWith('ETSI') ? 'bound' : 'plain';
  const make = words.make ?? ((content: Uint8Array) => encodeCms(content, { signer, attributes, ...cms }));
  return signText(pdf, make, words.range);
}

async function makeOwn(people: {
  signer: Person;
  sm2: Person;
  maker: Person;
  tsa: Person;
  issuing: Person;
  root: Person;
}) {
  const { signer, sm2, maker, tsa, issuing, root } = people;
  const keyed = (person: Person, chain: readonly Uint8Array[] = []) => ({
    key: softwareKeyFromPkcs8(person.pkcs8),
    certificate: person.certificate,
    chain,
    at: SIGNED,
  });
  const rsa = keyed(signer, [issuing.certificate]);
  const words = { name: '某市某局', reason: '证照签发', location: '某市', at: SIGNED };
  const timeStamper = {
    hash: 'sha256' as const,
    stamp: async (digest: Uint8Array) => encodeToken(Buffer.of(), { tsa, imprint: digest }),
  };
  const certified = await signPdf(await preparedPdf({ certify: 2, at: SIGNED }), rsa);
  const announced = await signPdf(await preparedPdf({ certify: 2, at: SIGNED, announces: { page: 0 } }), rsa);
  const waitingSm2 = appendSignature(announced, { ...words, fieldName: 'SM2Signature' });
  const dual = await signPdf(waitingSm2, keyed(sm2));
  const stamped = await signPdf(await preparedPdf({ certify: 1, at: SIGNED, contentsBytes: 8000 }), {
    ...rsa,
    timeStamper,
  });
  const lists = [encodeList({ issuer: issuing }), encodeList({ issuer: root })];
  const data = { certificates: [root.certificate, issuing.certificate], crls: lists, timeStamper };
  const lasting = await extendPdf(stamped, data);
  const picture = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==',
    'base64',
  );
  const seal = encodeSeal({ maker, signers: [sm2.certificate], picture });
  const plain = buildPdf(
    partsWith('<< >>', {
      7: '<< >>',
      6: '<< /Fields [9 0 R] >>',
      3: partsWith('').get(3)?.replace('7 0 R ', '') ?? '',
    }),
    TRAILER,
  );
  const sealed = await sealPdf(plain, {
    seal,
    signer: keyed(sm2),
    at: SIGNED,
    reason: '盖章',
    location: '某市',
    place: { page: 0, box: [20, 20, 40, 40] },
  });
  return { certified, announced, dual, stamped, lasting, sealed, plain, seal, timeStamper, keyed };
}

export async function makePdfWorld() {
  const root = makeAuthority('RSA', '外省根');
  const issuing = makeAuthority('P-256', '外省签发', root);
  const signer = makePerson('RSA', 'Signer', issuing);
  const other = makePerson('P-256', 'Other', issuing);
  const sm2 = makePerson('SM2', '国密签名人', issuing);
  const maker = makePerson('SM2', '制章人', issuing);
  const tsa = makePerson('P-256', 'Clock', issuing, { extensions: [keyUsage(0), extendedUse('1.3.6.1.5.5.7.3.8')] });
  const strangeRoot = makeAuthority('P-256', 'Strange root');
  const strange = makePerson('P-256', 'Stranger', strangeRoot);
  const policy: VerificationPolicy = { certificates: [root.certificate, issuing.certificate], at: JUDGED };
  const own = await makeOwn({ signer, sm2, maker, tsa, issuing, root });
  const bases = {
    plain: strangerPdf(signer),
    level1: strangerPdf(signer, { level: 1 }),
    level2: strangerPdf(signer, { level: 2 }),
    level3: strangerPdf(signer, { level: 3 }),
    streams: strangerPdf(signer, { form: 'stream' }),
  };
  return { root, issuing, signer, other, sm2, maker, tsa, strangeRoot, strange, policy, own, bases };
}

export type PdfWorld = Awaited<ReturnType<typeof makePdfWorld>>;
