/** Draw a laid-out face as an OFD package (GB/T 33190-2016), valid against the standard's own schemas and ready for its
 *  seal: fonts and colour space in PublicRes, pictures in DocumentRes, everything embedded, no Permissions. The licence's
 *  data travels inside: business values in CustomDatas, whole files as attachments. Pure: the same input, the same bytes. */
import { SigningError } from '../error.ts';
import type { LaidOutFace } from '../face/laid-out-face.ts';
import { usedCharacters } from '../face/used-characters.ts';
import type { Font } from '../font/open-font.ts';
import { subsetFont } from '../font/subset-font.ts';
import { packFiles } from '../zip/packed-file.ts';
import { type AnnouncedSignatures, announceSignatures } from './announce-signatures.ts';
import { escapeXml } from './escape-xml.ts';
import { formatNumber } from './format-number.ts';
import type { OfdPackage } from './package.ts';
import { writePage } from './write-page.ts';

export interface OfdAttachment {
  /** File name; also the name inside the package, so it may hold letters, digits, `.`, `_` and `-` only. */
  readonly name: string;
  readonly format: string;
  readonly bytes: Uint8Array;
  readonly createdAt: Date;
}

export interface OfdFacts {
  /** 32 hexadecimal digits. */
  readonly docId: string;
  readonly title: string;
  /** YYYY-MM-DD. */
  readonly createdOn: string;
  readonly customData: Readonly<Record<string, string>>;
  /** The signatures that the finished file will carry. */
  readonly signatures?: AnnouncedSignatures;
  readonly attachments: readonly OfdAttachment[];
}

const PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"';
const CREATOR = 'Zhengku';
const SHANGHAI_OFFSET_MS = 8 * 3600 * 1000;

/** @throws SigningError GLYPH_MISSING, or MALFORMED for texts that XML cannot hold and names no file can have */
export function drawOfd(face: LaidOutFace, facts: OfdFacts): OfdPackage {
  const files = new Map<string, Uint8Array>();
  const encoder = new TextEncoder();
  const put = (path: string, xml: string) => files.set(path, encoder.encode(PROLOGUE + xml));
  let lastId = 0;
  const nextId = () => ++lastId;

  const pageIds = face.pages.map(nextId);
  const colourSpaceId = nextId();
  const fonts = [...usedCharacters(face)].map(([font, characters]) => ({
    font,
    id: nextId(),
    subset: subsetFont(font, characters),
  }));
  const images = imagesOf(face).map((image) => ({ ...image, id: nextId() }));
  const resources = {
    fontIds: new Map(fonts.map(({ font, id }) => [font, id])),
    imageIds: new Map(images.map(({ key, id }) => [key, id])),
    colourSpaceId,
    nextId,
  };
  const pages = face.pages.map((page) => writePage(page, resources));

  put('OFD.xml', writeRoot(facts));
  put('Doc_0/Document.xml', writeDocument(face, pageIds, lastId, images.length > 0, facts.attachments.length > 0));
  put('Doc_0/PublicRes.xml', writePublicResources(colourSpaceId, fonts));
  for (const { id, subset } of fonts) files.set(`Doc_0/Res/${fontFile(id, subset.outlines)}`, subset.bytes);
  if (images.length > 0) put('Doc_0/DocumentRes.xml', writeDocumentResources(images));
  for (const { id, format, bytes } of images) files.set(`Doc_0/Res/${imageFile(id, format)}`, bytes);
  for (const [i, page] of pages.entries()) files.set(`Doc_0/Pages/Page_${i}/Content.xml`, encoder.encode(page));
  if (facts.attachments.length > 0) put('Doc_0/Attachs/Attachments.xml', writeAttachments(facts.attachments));
  for (const { name, bytes } of facts.attachments) files.set(`Doc_0/Attachs/${checkName(name)}`, bytes);
  return { files: packFiles(files), pageIds };
}

/** A name that is the same path in every reader. */
function checkName(name: string): string {
  if (/^[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}$/.test(name) && name !== 'Attachments.xml') return name;
  throw new SigningError('MALFORMED', 'the name of an attachment is not a plain file name');
}

function writeRoot(facts: OfdFacts): string {
  const announced = facts.signatures ? announceSignatures(facts.signatures) : {};
  const custom = Object.entries({ ...facts.customData, ...announced }).map(
    ([name, value]) => `<ofd:CustomData Name="${escapeXml(name)}">${escapeXml(value)}</ofd:CustomData>`,
  );
  return (
    `<ofd:OFD ${NAMESPACE} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo>` +
    `<ofd:DocID>${escapeXml(facts.docId)}</ofd:DocID><ofd:Title>${escapeXml(facts.title)}</ofd:Title>` +
    `<ofd:CreationDate>${escapeXml(facts.createdOn)}</ofd:CreationDate><ofd:Creator>${CREATOR}</ofd:Creator>` +
    `${custom.length > 0 ? `<ofd:CustomDatas>${custom.join('')}</ofd:CustomDatas>` : ''}</ofd:DocInfo>` +
    '<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot><ofd:Signatures>Doc_0/Signs/Signatures.xml</ofd:Signatures>' +
    '</ofd:DocBody></ofd:OFD>'
  );
}

function writeDocument(
  face: LaidOutFace,
  pageIds: readonly number[],
  maxId: number,
  images: boolean,
  attached: boolean,
): string {
  const first = face.pages[0];
  const size = `${formatNumber(first?.widthMm ?? 210)} ${formatNumber(first?.heightMm ?? 297)}`;
  const pages = pageIds.map((id, i) => `<ofd:Page ID="${id}" BaseLoc="Pages/Page_${i}/Content.xml"/>`);
  return (
    `<ofd:Document ${NAMESPACE}><ofd:CommonData><ofd:MaxUnitID>${maxId}</ofd:MaxUnitID>` +
    `<ofd:PageArea><ofd:PhysicalBox>0 0 ${size}</ofd:PhysicalBox></ofd:PageArea>` +
    `<ofd:PublicRes>PublicRes.xml</ofd:PublicRes>${images ? '<ofd:DocumentRes>DocumentRes.xml</ofd:DocumentRes>' : ''}` +
    `</ofd:CommonData><ofd:Pages>${pages.join('')}</ofd:Pages>` +
    `${attached ? '<ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>' : ''}</ofd:Document>`
  );
}

interface EmbeddedFont {
  readonly font: Font;
  readonly id: number;
  readonly subset: { readonly outlines: 'glyf' | 'cff' };
}

function writePublicResources(colourSpaceId: number, fonts: readonly EmbeddedFont[]): string {
  const entries = fonts.map(({ font, id, subset }) => {
    const style = `${font.weight >= 600 ? ' Bold="true"' : ''}${/serif/i.test(font.name) ? ' Serif="true"' : ''}`;
    const names = `FontName="${escapeXml(font.name)}" FamilyName="${escapeXml(font.name.replace(/-.*$/, ''))}"`;
    return `<ofd:Font ID="${id}" ${names}${style}><ofd:FontFile>${fontFile(id, subset.outlines)}</ofd:FontFile></ofd:Font>`;
  });
  return (
    `<ofd:Res ${NAMESPACE} BaseLoc="Res"><ofd:ColorSpaces><ofd:ColorSpace ID="${colourSpaceId}" Type="RGB" BitsPerComponent="8"/>` +
    `</ofd:ColorSpaces>${entries.length > 0 ? `<ofd:Fonts>${entries.join('')}</ofd:Fonts>` : ''}</ofd:Res>`
  );
}

function writeDocumentResources(images: readonly { readonly id: number; readonly format: 'png' | 'jpeg' }[]): string {
  const media = images.map(({ id, format }) => {
    const file = `<ofd:MediaFile>${imageFile(id, format)}</ofd:MediaFile>`;
    return `<ofd:MultiMedia ID="${id}" Type="Image" Format="${format.toUpperCase()}">${file}</ofd:MultiMedia>`;
  });
  return `<ofd:Res ${NAMESPACE} BaseLoc="Res"><ofd:MultiMedias>${media.join('')}</ofd:MultiMedias></ofd:Res>`;
}

function writeAttachments(attachments: readonly OfdAttachment[]): string {
  const entries = attachments.map(({ name, format, bytes, createdAt }, i) => {
    const id = `a${String(i + 1).padStart(3, '0')}`;
    const sizeKb = formatNumber(bytes.length / 1024);
    return (
      `<ofd:Attachment ID="${id}" Name="${escapeXml(name)}" Format="${escapeXml(format)}" CreationDate="${toLocalTime(createdAt)}" ` +
      `Size="${sizeKb}" Visible="false"><ofd:FileLoc>${escapeXml(name)}</ofd:FileLoc></ofd:Attachment>`
    );
  });
  return `<ofd:Attachments ${NAMESPACE}>${entries.join('')}</ofd:Attachments>`;
}

/** Chinese time with its offset: xs:dateTime without one would mean nothing certain. */
function toLocalTime(instant: Date): string {
  return `${new Date(instant.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 19)}+08:00`;
}

function imagesOf(face: LaidOutFace) {
  const images = new Map(
    face.pages.flatMap((page) => page.marks.flatMap((mark) => (mark.kind === 'image' ? [[mark.key, mark]] : []))),
  );
  return [...images.values()].map(({ key, format, bytes }) => ({ key, format, bytes }));
}

function fontFile(id: number, outlines: 'glyf' | 'cff'): string {
  return `font_${id}.${outlines === 'glyf' ? 'ttf' : 'otf'}`;
}

function imageFile(id: number, format: 'png' | 'jpeg'): string {
  return `image_${id}.${format === 'png' ? 'png' : 'jpg'}`;
}
