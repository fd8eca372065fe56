/** Annotations (GB/T 33190 §15) that show seals where they were pressed: ReadOnly, NoZoom, NoRotate, as OFD-A demands. A
 *  signature without a look is recorded by one that is not visible. */

import { SigningError } from '../error.ts';
import { readImage } from '../face/read-image.ts';
import { escapeXml } from '../ofd/escape-xml.ts';
import { formatNumber as n } from '../ofd/format-number.ts';
import type { SeenPlace, SignatureMark } from './find-marks.ts';
import type { OpenedDocument } from './make-archive-copy.ts';

export interface Drawn {
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly maxId: number;
  /** Location of the list of annotations, as the document names it; undefined when there is none. */
  readonly list: string | undefined;
  /** Pictures to be named in the document's resources. */
  readonly media: readonly { readonly id: number; readonly format: string; readonly file: string }[];
  /** Location of resources of our own, where the document had none. */
  readonly ownResources: string | undefined;
}

const PROLOGUE = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'xmlns:ofd="http://www.ofdspec.org/2016"';
const SHANGHAI_OFFSET_MS = 8 * 3600 * 1000;

export function drawMarks(marks: readonly SignatureMark[], document: OpenedDocument): Drawn {
  const files = new Map<string, Uint8Array>();
  if (marks.length === 0) return { files, maxId: document.maxId, list: undefined, media: [], ownResources: undefined };
  let lastId = document.maxId;
  const nextId = () => ++lastId;
  const media: Drawn['media'][number][] = [];
  const byPage = new Map<string, string[]>();
  for (const [index, mark] of marks.entries()) {
    const picture = mark.picture && formatOf(mark.picture.data);
    const id = nextId();
    if (mark.picture && picture) {
      const file = `archived_seal_${index + 1}.${picture.extension}`;
      files.set(`${document.resourceFolder}${file}`, mark.picture.data);
      media.push({ id, format: picture.format, file });
    }
    const places = mark.places.length > 0 ? mark.places : [unseenPlace(document)];
    for (const place of places) {
      if (!document.pageIds.includes(place.pageId)) throw unfaithfulPage();
      const drawn = writeAnnotation(mark, place, nextId, picture && id);
      byPage.set(place.pageId, [...(byPage.get(place.pageId) ?? []), drawn]);
    }
  }
  const put = (path: string, xml: string) => files.set(`${document.folder}${path}`, Buffer.from(PROLOGUE + xml));
  const rows = document.pageIds.flatMap((pageId, page) => {
    const annotations = byPage.get(pageId);
    if (!annotations) return [];
    put(`Annots/Page_${page}/Annotation.xml`, `<ofd:PageAnnot ${NAMESPACE}>${annotations.join('')}</ofd:PageAnnot>`);
    return [`<ofd:Page PageID="${pageId}"><ofd:FileLoc>Page_${page}/Annotation.xml</ofd:FileLoc></ofd:Page>`];
  });
  put('Annots/Annotations.xml', `<ofd:Annotations ${NAMESPACE}>${rows.join('')}</ofd:Annotations>`);
  const list = 'Annots/Annotations.xml';
  if (document.resources !== undefined || media.length === 0)
    return { files, maxId: lastId, list, media, ownResources: undefined };
  put('DocumentRes.xml', writeResources(media));
  return { files, maxId: lastId, list, media, ownResources: 'DocumentRes.xml' };
}

function writeResources(media: Drawn['media']): string {
  const rows = media.map(
    ({ id, format, file }) =>
      `<ofd:MultiMedia ID="${id}" Type="Image" Format="${format}"><ofd:MediaFile>${file}</ofd:MediaFile></ofd:MultiMedia>`,
  );
  return `<ofd:Res ${NAMESPACE} BaseLoc="Res"><ofd:MultiMedias>${rows.join('')}</ofd:MultiMedias></ofd:Res>`;
}

/** The seal's picture as it is; one that is a document of its own cannot be an image. */
function formatOf(data: Uint8Array): { readonly format: string; readonly extension: string } {
  const found = readImage(data)?.format;
  if (found === undefined)
    throw new SigningError('UNSUPPORTED', 'a seal whose look is no image', { reason: 'SEAL_PICTURE_FORMAT' });
  return { format: found.toUpperCase(), extension: found === 'jpeg' ? 'jpg' : found };
}

function unseenPlace({ pageIds }: OpenedDocument): SeenPlace {
  return { pageId: pageIds[0] ?? '', boundary: [0, 0, 1, 1], clip: undefined };
}

function writeAnnotation(
  mark: SignatureMark,
  { boundary, clip }: SeenPlace,
  nextId: () => number,
  pictureId: number | undefined,
): string {
  const [, , width, height] = boundary;
  const facts = {
    类别: mark.kind === 'seal' ? '电子印章' : '数字签名',
    签名人: mark.signer,
    ...(mark.sealName === undefined ? {} : { 印章名称: mark.sealName }),
    签名时间: mark.signedAt,
    摘要算法: 'SM3',
    摘要: mark.digest,
  };
  const parameters = Object.entries(facts).map(
    ([name, value]) => `<ofd:Parameter Name="${name}">${escapeXml(value)}</ofd:Parameter>`,
  );
  const at = new Date(mark.signedAt);
  const day = Number.isNaN(at.getTime()) ? '1970-01-01' : shanghaiDay(at);
  const id = nextId();
  const [x, y, seenWidth, seenHeight] = clip ?? [0, 0, width, height];
  const image =
    pictureId === undefined
      ? ''
      : `<ofd:ImageObject ID="${nextId()}" Boundary="${[x, y, seenWidth, seenHeight].map(n).join(' ')}" ` +
        `CTM="${n(width)} 0 0 ${n(height)} ${n(-x)} ${n(-y)}" ResourceID="${pictureId}"/>`;
  return (
    `<ofd:Annot ID="${id}" Type="Stamp" Creator="Zhengku" LastModDate="${day}"${pictureId === undefined ? ' Visible="false"' : ''} ` +
    'Subtype="ArchivedSignature" Print="true" NoZoom="true" NoRotate="true" ReadOnly="true">' +
    `<ofd:Remark>${escapeXml(`原件上的签名，归档时转为注释：${mark.signer} ${mark.signedAt}`)}</ofd:Remark>` +
    `<ofd:Parameters>${parameters.join('')}</ofd:Parameters>` +
    `<ofd:Appearance Boundary="${boundary.map(n).join(' ')}">${image}</ofd:Appearance></ofd:Annot>`
  );
}

const shanghaiDay = (at: Date) => new Date(at.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);

function unfaithfulPage(): SigningError {
  return new SigningError('UNSUPPORTED', 'a seal on a page that is not there', { reason: 'LOCATION_MISSING' });
}
