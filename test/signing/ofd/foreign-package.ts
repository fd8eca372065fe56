/** Sealed packages as other makers write them, put together by hand: nothing here goes through our own writers but the DER
 *  primitives and the ZIP layout. */
import { createHash } from 'node:crypto';
import { OID } from '../../../signing/der/oids.ts';
import {
  bitString,
  certificateTime,
  element,
  explicit,
  generalizedTime,
  ia5String,
  integer,
  octetString,
  oid,
  sequence,
  setOf,
  utf8String,
} from '../../../signing/der/write-der.ts';
import type { CertifiedKey } from '../../../signing/seal/make-seal.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { writePackage } from '../../../signing/zip/write-package.ts';
import { MADE, SIGNED } from './sealed-package.ts';

export const sm3Of = (...parts: readonly Uint8Array[]) => {
  const hash = createHash('sm3');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

export interface Hands {
  readonly signer: CertifiedKey;
  readonly maker: CertifiedKey;
}

/** How a stamp may differ from one maker to the next. */
export interface StampForm {
  readonly version?: 1 | 4 | 5;
  readonly propertyInfo?: string;
  /** certListType 2: the certificate is listed by its SM3. */
  readonly byDigest?: string;
  /** In place of the name in the seal. */
  readonly sealName?: Uint8Array;
  /** In place of the time of signing. */
  readonly time?: Uint8Array;
  readonly signedAt?: Date;
  readonly validTo?: Date;
  /** Gives what goes into timeStamp [0], over the signature value. */
  readonly timeStamp?: (value: Uint8Array) => Promise<Uint8Array>;
  /** Gives what goes into timeStamp [0] of the seal (version 5), over the value of the maker. */
  readonly sealTimeStamp?: (value: Uint8Array) => Promise<Uint8Array>;
  /** Around the value of the outer BIT STRING. */
  readonly bits?: (value: Uint8Array) => Uint8Array;
}

const algorithm = oid(OID.sm2WithSm3);
const PICTURE = sequence(ia5String('png'), octetString(Buffer.of(1, 2, 3)), integer(40), integer(40));

export async function sealBy({ signer, maker }: Hands, form: StampForm): Promise<Uint8Array> {
  const version = form.version ?? 4;
  const dates = [MADE, MADE, form.validTo ?? new Date('2028-01-01T00:00:00Z')];
  const header = sequence(ia5String('ES'), integer(version), ia5String('GOMAIN'));
  const names = [integer(3), form.sealName ?? utf8String('外来章')];
  if (version === 1) {
    const property = sequence(...names, sequence(octetString(signer.certificate)), ...dates.map(certificateTime));
    const info = sequence(header, ia5String('501'), property, PICTURE);
    const parts = [octetString(maker.certificate), algorithm];
    return sequence(info, sequence(...parts, bitString(await maker.key.sign(sequence(info, ...parts)))));
  }
  const digest =
    form.byDigest && sequence(element(0x13, Buffer.from(form.byDigest)), octetString(sm3Of(signer.certificate)));
  const list = digest ? [integer(2), sequence(digest)] : [integer(1), sequence(octetString(signer.certificate))];
  const property = sequence(...names, ...list, ...dates.map(generalizedTime));
  // FALSE is written out, as two makers do against DER's default
  const extension = sequence(
    oid('1.2.156.10197.6.7.2.2.1'),
    element(1, Uint8Array.of(0)),
    octetString(Buffer.from('2.1')),
  );
  const info = sequence(header, ia5String('50011200000399'), property, PICTURE, sequence(extension));
  const value = await maker.key.sign(info);
  const token = form.sealTimeStamp ? [explicit(0, bitString(await form.sealTimeStamp(value)))] : [];
  return sequence(info, octetString(maker.certificate), algorithm, bitString(value), ...token);
}

/** A SES_Signature over a hash. */
export async function stampBy(hands: Hands, dataHash: Uint8Array, form: StampForm = {}): Promise<Uint8Array> {
  const { signer } = hands;
  const version = form.version ?? 4;
  const seal = await sealBy(hands, form);
  const info = ia5String(form.propertyInfo ?? '/Doc_0/Signs/Sign_0/Signature.xml');
  const time = form.time ?? generalizedTime(form.signedAt ?? SIGNED);
  const bits = form.bits ?? bitString;
  if (version === 1) {
    const tbs = sequence(integer(1), seal, time, bitString(dataHash), info, octetString(signer.certificate), algorithm);
    return sequence(tbs, bits(await signer.key.sign(tbs)));
  }
  const tbs = sequence(integer(version), seal, time, bitString(dataHash), info);
  const value = await signer.key.sign(tbs);
  const token = form.timeStamp ? [explicit(0, bitString(await form.timeStamp(value)))] : [];
  return sequence(tbs, octetString(signer.certificate), algorithm, bits(value), ...token);
}

/** A GB/T 35275 SignedData over a hash, as a plain maker writes it: one certificate, content inside. */
export async function signedDataBy({ signer }: Hands, dataHash: Uint8Array): Promise<Uint8Array> {
  const { issuerDer, serial } = parseCertificate(signer.certificate);
  const info = sequence(
    integer(1),
    sequence(issuerDer, integer(serial)),
    sequence(oid(OID.sm3)),
    sequence(oid(OID.sm2Signature)),
    octetString(await signer.key.sign(dataHash)),
  );
  const data = sequence(
    integer(1),
    setOf(sequence(oid(OID.sm3))),
    sequence(oid(OID.gmData), explicit(0, octetString(dataHash))),
    element(0xa0, signer.certificate),
    setOf(info),
  );
  return sequence(oid(OID.gmSignedData), explicit(0, data));
}

const NS = 'xmlns:ofd="http://www.ofdspec.org/2016"';
const page = (name: string) =>
  `<ofd:Page ${NS}><ofd:Content><ofd:Layer><ofd:TextObject ID="9" Boundary="0 0 9 9" Font="3" Size="4">` +
  `<ofd:TextCode X="0" Y="4">${name}</ofd:TextCode></ofd:TextObject></ofd:Layer></ofd:Content></ofd:Page>`;

/** The parts of a document with a template, annotations, tags, an attachment and a version. */
export const PARTS: Readonly<Record<string, string>> = {
  'OFD.xml':
    `<ofd:OFD ${NS} Version="1.1" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>1</ofd:DocID></ofd:DocInfo>` +
    '<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Versions><ofd:Version ID="1" Index="1" ' +
    'BaseLoc="Doc_0/Versions/V0.xml"/></ofd:Versions><ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>' +
    '</ofd:DocBody></ofd:OFD>',
  'Doc_0/Document.xml':
    `<ofd:Document ${NS}><ofd:CommonData><ofd:TemplatePage ID="2" BaseLoc="Tpls/Tpl_0/Content.xml"/><ofd:PageArea>` +
    '<ofd:PhysicalBox>0 0 210 140</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>' +
    '<ofd:MaxUnitID>20</ofd:MaxUnitID></ofd:CommonData><ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Page_0/Content.xml"/>' +
    '</ofd:Pages><ofd:Annotations>Annots/Annotations.xml</ofd:Annotations><ofd:CustomTags>Tags/CustomTags.xml' +
    '</ofd:CustomTags><ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments></ofd:Document>',
  'Doc_0/PublicRes.xml': `<ofd:Res ${NS} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="楷体"/></ofd:Fonts></ofd:Res>`,
  'Doc_0/Pages/Page_0/Content.xml': page('发票'),
  'Doc_0/Tpls/Tpl_0/Content.xml': page('底版'),
  'Doc_0/Annots/Annotations.xml': `<ofd:Annotations ${NS}><ofd:Page PageID="1"><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page></ofd:Annotations>`,
  'Doc_0/Annots/Page_0/Annotation.xml': `<ofd:PageAnnot ${NS}/>`,
  'Doc_0/Tags/CustomTags.xml': `<ofd:CustomTags ${NS}><ofd:CustomTag TypeID="0"><ofd:FileLoc>tag.xml</ofd:FileLoc></ofd:CustomTag></ofd:CustomTags>`,
  'Doc_0/Tags/tag.xml': '<eInvoice/>',
  'Doc_0/Attachs/Attachments.xml': `<ofd:Attachments ${NS}><ofd:Attachment Name="x" CreationDate="2020/10/10 15:11:19"><ofd:FileLoc>original.xml</ofd:FileLoc></ofd:Attachment></ofd:Attachments>`,
  'Doc_0/Attachs/original.xml': '<invoice/>',
  'Doc_0/Versions/V0.xml': `<ofd:DocVersion ${NS}><ofd:FileList/><ofd:DocRoot>../Document.xml</ofd:DocRoot></ofd:DocVersion>`,
};

export interface SignatureForm {
  readonly parts?: Readonly<Record<string, string>>;
  readonly checkMethod?: string;
  /** Paths that the maker leaves out. */
  readonly uncovered?: readonly string[];
  /** Paths that one of the signatures leaves out. */
  readonly uncoveredBy?: (path: string, index: number) => boolean;
  readonly fileRef?: (path: string) => string;
  readonly dateTime?: string;
  /** The rows of Signatures.xml, one a signature. */
  readonly rows?: readonly string[];
  /** Gives the value of a signature over its description. */
  readonly value: (description: Uint8Array, index: number) => Promise<Uint8Array>;
  /** Members of SignedInfo and SignedValue in another order. */
  readonly reversed?: boolean;
}

const ROW = '<ofd:Signature ID="1" BaseLoc="/Doc_0/Signs/Sign_0/Signature.xml"/>';

/** The files of a signed package. */
export async function foreignFiles(form: SignatureForm): Promise<Map<string, Uint8Array>> {
  const parts = Object.entries(form.parts ?? PARTS);
  const files = new Map<string, Uint8Array>(parts.map(([path, text]) => [path, Buffer.from(text)]));
  const fileRef = form.fileRef ?? ((path: string) => `/${path}`);
  const rows = form.rows ?? [ROW];
  for (const index of rows.keys()) {
    const references = [...files]
      .filter(([path]) => !form.uncovered?.includes(path) && !form.uncoveredBy?.(path, index))
      .map(([path, data]) => {
        const value = Buffer.from(sm3Of(data)).toString('base64');
        return `<ofd:Reference FileRef="${fileRef(path)}"><ofd:CheckValue>${value}</ofd:CheckValue></ofd:Reference>`;
      });
    const folder = `/Doc_0/Signs/Sign_${index}`;
    const info = [
      '<ofd:Provider ProviderName="suwell" Version="4.2"/>',
      `<ofd:SignatureMethod>${OID.sm2WithSm3}</ofd:SignatureMethod>`,
      `<ofd:SignatureDateTime>${form.dateTime ?? '20260602110405'}</ofd:SignatureDateTime>`,
      `<ofd:References CheckMethod="${form.checkMethod ?? OID.sm3}">${references.join('')}</ofd:References>`,
      '<ofd:StampAnnot ID="1" PageRef="1" Boundary="90 7 30 20"/>',
    ];
    const signedInfo = `<ofd:SignedInfo>${(form.reversed ? info.reverse() : info).join('\n')}</ofd:SignedInfo>`;
    const signedValue = `<ofd:SignedValue>${folder}/SignedValue.dat</ofd:SignedValue>`;
    const members = form.reversed ? signedValue + signedInfo : signedInfo + signedValue;
    const description = Buffer.from(
      `<?xml version="1.0" encoding="UTF-8"?>\n<ofd:Signature ${NS}>${members}</ofd:Signature>`,
    );
    files.set(`${folder.slice(1)}/Signature.xml`, description);
    files.set(`${folder.slice(1)}/SignedValue.dat`, await form.value(description, index));
  }
  files.set('Doc_0/Signs/Signatures.xml', Buffer.from(`<ofd:Signatures ${NS}>${rows.join('')}</ofd:Signatures>`));
  return files;
}

export const foreignPackage = async (form: SignatureForm) => writePackage(await foreignFiles(form));
