/** Draw a laid-out face as PDF 1.7 (ISO 32000-1): text that can be searched, pictures passed through, the licence's data
 *  attached. Returns the document, to which the signature's place is added before it is saved (with
 *  `useObjectStreams: false`, so that old readers and every verifier can follow it). Pure: the same input, the same file. */
import { createHash } from 'node:crypto';
import type { PDFRef } from 'pdf-lib';
import { PDFDocument, PDFHexString, PDFName, PDFRawStream, PDFString } from 'pdf-lib';
import type { LaidOutFace } from '../face/laid-out-face.ts';
import { usedCharacters } from '../face/used-characters.ts';
import { subsetFont } from '../font/subset-font.ts';
import type { PdfAttachment } from './attach-files.ts';
import { attachFiles } from './attach-files.ts';
import { embedFont, putStream } from './embed-font.ts';
import { embedImage } from './embed-image.ts';
import type { ContentNames } from './write-content.ts';
import { POINTS_PER_MM, writeContent } from './write-content.ts';
import { writeXmp } from './write-xmp.ts';

export interface PdfFacts {
  readonly title: string;
  readonly createdAt: Date;
  readonly customData: Readonly<Record<string, string>>;
  readonly attachments: readonly PdfAttachment[];
}

const CREATOR = 'Zhengku';
const PRODUCER = 'Zhengku';

/** @throws SigningError GLYPH_MISSING, MALFORMED */
export async function drawPdf(face: LaidOutFace, facts: PdfFacts): Promise<PDFDocument> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const { context } = document;
  const fonts = new Map<string, PDFRef>();
  const names: ContentNames = { fonts: new Map(), images: new Map() };
  const fontNames = [...usedCharacters(face)].map(([font, characters], i) => {
    const subset = subsetFont(font, characters);
    fonts.set(`F${i}`, embedFont(context, font, subset));
    return [font, { name: `F${i}`, subset }] as const;
  });
  const images = new Map<string, PDFRef>();
  const imageNames = new Map<string, string>();
  for (const mark of face.pages.flatMap((page) => page.marks)) {
    if (mark.kind !== 'image' || imageNames.has(mark.key)) continue;
    imageNames.set(mark.key, `I${images.size}`);
    images.set(`I${images.size}`, await embedImage(document, mark.bytes));
  }
  const resources = context.register(
    context.obj({ Font: Object.fromEntries(fonts), XObject: Object.fromEntries(images) }),
  );
  for (const page of face.pages) {
    const { node } = document.addPage([page.widthMm * POINTS_PER_MM, page.heightMm * POINTS_PER_MM]);
    const content = writeContent(page, { ...names, fonts: new Map(fontNames), images: imageNames });
    node.set(PDFName.of('Resources'), resources);
    node.set(PDFName.of('Contents'), putStream(context, new TextEncoder().encode(content), {}));
  }
  attachFiles(document, facts.attachments);
  describeDocument(document, facts);
  return document;
}

function describeDocument(document: PDFDocument, facts: PdfFacts): void {
  const { context, catalog } = document;
  const date = PDFString.fromDate(facts.createdAt);
  const info = context.obj({
    Title: PDFHexString.fromText(facts.title),
    Creator: PDFString.of(CREATOR),
    Producer: PDFString.of(PRODUCER),
    CreationDate: date,
    ModDate: date,
  });
  context.trailerInfo.Info = context.register(info);
  const xmp = new TextEncoder().encode(writeXmp({ ...facts, creator: CREATOR, producer: PRODUCER }));
  // Not packed: search tools read XMP without opening the file.
  const metadata = PDFRawStream.of(context.obj({ Type: 'Metadata', Subtype: 'XML', Length: xmp.length }), xmp);
  catalog.set(PDFName.of('Metadata'), context.register(metadata));
  catalog.set(PDFName.of('Lang'), PDFString.of('zh-CN'));
  catalog.set(PDFName.of('ViewerPreferences'), context.obj({ DisplayDocTitle: true }));
  const id = PDFHexString.of(createHash('sha256').update(xmp).digest('hex').slice(0, 32));
  context.trailerInfo.ID = context.obj([id, id]);
}
