/** Signatures.xml and Signature.xml (GB/T 33190 §18), in schema order and in one fixed form. */
import { OID } from '../der/oids.ts';
import { timeText } from '../der/write-der.ts';
import type { Box } from '../face/face.ts';
import { escapeXml } from './escape-xml.ts';
import { formatNumber } from './format-number.ts';

const OFD_NAMESPACE = 'http://www.ofdspec.org/2016';
const XML_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** The name under which we sign. Files that carry it (signed) are held to our own exact form. */
export const OWN_PROVIDER = 'Zhengku';

export const SIGNS_FOLDER = 'Doc_0/Signs';
export const SIGNATURES_PATH = `${SIGNS_FOLDER}/Signatures.xml`;

/** Folder of the nth signature, from 0. */
export function signFolder(index: number): string {
  return `${SIGNS_FOLDER}/Sign_${index}`;
}

/** With a seal (GB/T 38540), or without (GB/T 35275). */
export type SignatureType = 'Seal' | 'Sign';

/** Signatures.xml of a package with signatures of ours of these types. It has no other form. */
export function writeSignaturesXml(types: readonly SignatureType[]): Uint8Array {
  const rows = types.map((type, index) => {
    const id = `s${String(index + 1).padStart(3, '0')}`;
    return `<ofd:Signature ID="${id}" Type="${type}" BaseLoc="Sign_${index}/Signature.xml"/>`;
  });
  return Buffer.from(`${XML_HEAD}<ofd:Signatures xmlns:ofd="${OFD_NAMESPACE}">${rows.join('')}</ofd:Signatures>`);
}

export interface Provider {
  readonly name: string;
  readonly version: string;
  readonly company: string;
}

/** Where a seal is pressed: page (from 0), box in millimetres, and the slice shown of it, if not all. */
export interface StampPlace {
  readonly page: number;
  readonly box: Box;
  readonly clip?: Box;
}

export interface SignatureContent {
  /** ID in the list of signatures. */
  readonly id: string;
  /** Folder of the signature's files, no leading slash. */
  readonly folder: string;
  readonly provider: Provider;
  readonly at: Date;
  /** Absolute path → SM3, in order. */
  readonly references: readonly (readonly [path: string, digest: Uint8Array])[];
  /** Where a seal is pressed; undefined: a signature without a seal. */
  readonly stamps?: readonly { readonly pageId: number; readonly box: Box; readonly clip?: Box }[];
}

const boxText = (box: Box) => box.map(formatNumber).join(' ');

/** Signature.xml. */
export function writeSignatureXml(content: SignatureContent): Uint8Array {
  const { provider, id, stamps } = content;
  const folder = `/${content.folder}`;
  const references = content.references.map(([path, digest]) => {
    const value = Buffer.from(digest).toString('base64');
    return `<ofd:Reference FileRef="${escapeXml(path)}"><ofd:CheckValue>${value}</ofd:CheckValue></ofd:Reference>`;
  });
  const annotations = (stamps ?? []).map(({ pageId, box, clip }, place) => {
    const clipped = clip ? ` Clip="${boxText(clip)}"` : '';
    return `<ofd:StampAnnot ID="${id}a${place + 1}" PageRef="${pageId}" Boundary="${boxText(box)}"${clipped}/>`;
  });
  const { name, version, company } = provider;
  return Buffer.from(
    [
      `${XML_HEAD}<ofd:Signature xmlns:ofd="${OFD_NAMESPACE}"><ofd:SignedInfo>`,
      `<ofd:Provider ProviderName="${escapeXml(name)}" Version="${escapeXml(version)}" Company="${escapeXml(company)}"/>`,
      `<ofd:SignatureMethod>${OID.sm2WithSm3}</ofd:SignatureMethod>`,
      `<ofd:SignatureDateTime>${timeText(content.at)}</ofd:SignatureDateTime>`,
      `<ofd:References CheckMethod="${OID.sm3}">`,
      ...references,
      '</ofd:References>',
      ...annotations,
      ...(stamps ? [`<ofd:Seal><ofd:BaseLoc>${folder}/Seal.esl</ofd:BaseLoc></ofd:Seal>`] : []),
      `</ofd:SignedInfo><ofd:SignedValue>${folder}/SignedValue.dat</ofd:SignedValue></ofd:Signature>`,
    ].join(''),
  );
}
