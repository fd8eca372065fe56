/** The archive copy (存档副本, OFD-A) of a sealed OFD: the same pages, without the technique of its signatures. Each seal's
 *  look becomes an annotation that nobody can move, which records signer, time and digest; the signatures go; the document
 *  type changes. The original is archived beside it. Pure: the same original, the same bytes. */
import { SigningError } from '../error.ts';
import { ANNOUNCED_SIGNATURES, ANNOUNCED_SIGNER } from '../ofd/announce-signatures.ts';
import { findFile } from '../ofd/location.ts';
import { ROOT_PATH, readOfdRoot } from '../ofd/read-ofd-root.ts';
import { childNamed, childrenNamed, parseXml, textOf } from '../ofd/xml-tree.ts';
import { readPackage } from '../zip/read-package.ts';
import { writePackage } from '../zip/write-package.ts';
import { checkOfdA } from './check-ofd-a.ts';
import { insertBefore, removeElements, replaceText } from './edit-xml.ts';
import { findMarks } from './find-marks.ts';
import { type Drawn, drawMarks } from './write-annotations.ts';

export type ArchiveCopy =
  | { readonly ofd: Uint8Array }
  /** Why there is none: a rule of OFD-A that the file cannot keep, or a part that cannot be changed faithfully. */
  | { readonly reason: string };

export function makeArchiveCopy(original: Uint8Array): ArchiveCopy {
  try {
    const ofd = clean(original);
    const [fault] = checkOfdA(ofd);
    return fault ? { reason: `${fault.rule} ${fault.where}` } : { ofd };
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'SELF_TEST_FAILED') throw error;
    return { reason: String(error.details.reason ?? error.code) };
  }
}

function clean(original: Uint8Array): Uint8Array {
  const { files } = readPackage(original);
  const { marks, files: signatureFiles } = findMarks(files);
  const document = documentOf(files);
  const kept = new Map([...files].filter(([path]) => !signatureFiles.has(path)));
  const drawn = drawMarks(marks, document);
  for (const [path, bytes] of drawn.files) {
    if (files.has(path)) throw unfaithful('ANNOTATION_TAKEN');
    kept.set(path, bytes);
  }
  kept.set(ROOT_PATH, editRoot(textAt(kept, ROOT_PATH)));
  kept.set(document.path, editDocument(textAt(kept, document.path), drawn));
  if (drawn.media.length > 0 && document.resources !== undefined) {
    kept.set(document.resources, addMedia(textAt(kept, document.resources), drawn.media));
  }
  return writePackage(kept);
}

export interface OpenedDocument {
  readonly path: string;
  /** Folder of the document, with its slash. */
  readonly folder: string;
  readonly maxId: number;
  readonly pageIds: readonly string[];
  /** Path of the document's own resources. */
  readonly resources: string | undefined;
  /** Where its pictures lie. */
  readonly resourceFolder: string;
}

function documentOf(files: ReadonlyMap<string, Uint8Array>): OpenedDocument {
  const [body, second] = readOfdRoot(files);
  if (!body || second) throw unfaithful('ONE_DOCUMENT');
  const path = findFile(files, ROOT_PATH, body.docRoot)?.path;
  const bytes = path === undefined ? undefined : files.get(path);
  if (path === undefined || !bytes) throw unfaithful('LOCATION_MISSING');
  const root = parseXml(bytes);
  const common = childNamed(root, 'CommonData');
  const maxId = Number(common && textOf(common, 'MaxUnitID'));
  const pages = childNamed(root, 'Pages');
  if (!common || !pages || !Number.isSafeInteger(maxId)) throw unfaithful('DOCUMENT_UNREADABLE');
  if (childNamed(root, 'Annotations')) throw unfaithful('ANNOTATED');
  const location = textOf(common, 'DocumentRes');
  const resources = location === undefined ? undefined : findFile(files, path, location)?.path;
  if (location !== undefined && resources === undefined) throw unfaithful('LOCATION_MISSING');
  const folder = path.includes('/') ? path.slice(0, path.lastIndexOf('/') + 1) : '';
  return {
    ...{ path, folder, maxId, resources, resourceFolder: resourceFolderOf(files, resources, folder) },
    pageIds: childrenNamed(pages, 'Page').map(({ attributes }) => attributes.ID ?? ''),
  };
}

function resourceFolderOf(files: ReadonlyMap<string, Uint8Array>, path: string | undefined, folder: string): string {
  if (path === undefined) return `${folder}Res/`;
  const base = parseXml(files.get(path) ?? new Uint8Array()).attributes.BaseLoc ?? '';
  const beside = path.slice(0, path.lastIndexOf('/') + 1);
  const plain = base.replace(/^\.\//, '').replace(/\/+$/, '');
  if (plain.startsWith('/')) return `${plain.slice(1)}/`;
  return plain === '' || plain === '.' ? beside : `${beside}${plain}/`;
}

const textAt = (files: ReadonlyMap<string, Uint8Array>, path: string) =>
  Buffer.from(files.get(path) ?? new Uint8Array()).toString('utf8');

function editRoot(text: string): Uint8Array {
  const typed = replaceText(text, /(\bDocType\s*=\s*)(["'])OFD\2/, '$1$2OFD-A$2');
  const unsigned = removeElements(typed, 'Signatures');
  const ours = [ANNOUNCED_SIGNATURES, ANNOUNCED_SIGNER].map((name) => name.replaceAll('.', '\\.'));
  const announced = new RegExp(
    `<([\\w.-]+:)?CustomData\\s+Name="(?:${ours.join('|')})"\\s*>[^<]*</\\1CustomData>`,
    'g',
  );
  return Buffer.from(unsigned.replace(announced, ''));
}

function editDocument(text: string, drawn: Drawn): Uint8Array {
  if (drawn.list === undefined) return Buffer.from(text);
  const counted = replaceText(text, /(<(?:[\w.-]+:)?MaxUnitID>)\s*\d+\s*(<)/, `$1${drawn.maxId}$2`);
  const element = (prefix: string) => `<${prefix}Annotations>${drawn.list}</${prefix}Annotations>`;
  const noted = insertBefore(counted, ['CustomTags', 'Attachments', 'Extensions', '/Document'], element);
  if (drawn.ownResources === undefined) return Buffer.from(noted);
  const resources = (prefix: string) => `<${prefix}DocumentRes>${drawn.ownResources}</${prefix}DocumentRes>`;
  return Buffer.from(insertBefore(noted, ['TemplatePage', 'DefaultCS', '/CommonData'], resources));
}

function addMedia(text: string, media: Drawn['media']): Uint8Array {
  const rows = (prefix: string) =>
    media.map(({ id, format, file }) => {
      const location = `<${prefix}MediaFile>${file}</${prefix}MediaFile>`;
      return `<${prefix}MultiMedia ID="${id}" Type="Image" Format="${format}">${location}</${prefix}MultiMedia>`;
    });
  if (/<(?:[\w.-]+:)?MultiMedias\s*>/.test(text))
    return Buffer.from(insertBefore(text, ['/MultiMedias'], (prefix) => rows(prefix).join('')));
  const list = (prefix: string) => `<${prefix}MultiMedias>${rows(prefix).join('')}</${prefix}MultiMedias>`;
  return Buffer.from(insertBefore(text, ['CompositeGraphicUnits', '/Res'], list));
}

export function unfaithful(reason: string): SigningError {
  return new SigningError('UNSUPPORTED', 'no archive copy can be made faithfully', { reason });
}
