/** The rules of the archive profile OFD-A (GB/T 42133-2022), as far as they can be seen in the package: one document that
 *  needs nothing from outside, does nothing by itself, restricts nothing, carries its fonts, and no signature. */
import { SigningError } from '../error.ts';
import { readImage } from '../face/read-image.ts';
import { resolveLocation } from '../ofd/location.ts';
import { parseXml, type XmlElement } from '../ofd/xml-tree.ts';
import { readPackage } from '../zip/read-package.ts';

export type OfdARule =
  | 'UNREADABLE'
  | 'DOC_TYPE'
  | 'ONE_DOCUMENT'
  | 'METADATA'
  | 'SIGNED'
  | 'OUTSIDE_RESOURCE'
  | 'FORBIDDEN_ELEMENT'
  | 'FONT_NOT_EMBEDDED'
  | 'RESOURCE_PLACE'
  | 'COLOUR_SPACE'
  | 'PICTURE_FORMAT'
  | 'BLOCK_DEPTH'
  | 'LAYER_NAMES'
  | 'INTERPOLATED'
  | 'ANNOTATION'
  | 'ATTACHMENT_FORMAT';

export interface OfdAFault {
  readonly rule: OfdARule;
  /** Which part or element. */
  readonly where: string;
}

const FORBIDDEN: ReadonlySet<string> = new Set([
  ...['Permissions', 'VPreferences', 'Extensions', 'Encrypt', 'Versions', 'Sound', 'Movie', 'URI', 'GotoA'],
]);
const PICTURES: ReadonlySet<string> = new Set([
  'BMP',
  'JPEG',
  'JPG',
  'PNG',
  'JBIG2',
  'JP2',
  'JPEG2000',
  'TIFF',
  'GBIG2',
]);
const COLOURS: ReadonlySet<string> = new Set(['GRAY', 'RGB', 'CMYK']);
const ATTACHED: ReadonlySet<string> = new Set(['TXT', 'XML', 'JSON']);
const MOST_BLOCKS = 3;

interface Part {
  readonly path: string;
  readonly root: XmlElement;
  readonly elements: readonly XmlElement[];
}

const walk = (element: XmlElement): XmlElement[] => [element, ...element.children.flatMap(walk)];

/** What breaks a rule; nothing for an OFD-A file. */
export function checkOfdA(bytes: Uint8Array): OfdAFault[] {
  try {
    const { files } = readPackage(bytes);
    const parts = [...files].flatMap(([path, part]): Part[] => {
      if (!path.toLowerCase().endsWith('.xml')) return [];
      const root = parseXml(part);
      return [{ path, root, elements: walk(root) }];
    });
    return [...checkRoot(parts), ...parts.flatMap((part) => checkPart(part, files)), ...checkFonts(parts)];
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    return [{ rule: 'UNREADABLE', where: String(error.details.reason ?? error.code) }];
  }
}

function checkRoot(parts: readonly Part[]): OfdAFault[] {
  const where = 'OFD.xml';
  const root = parts.find(({ path }) => path === where);
  if (!root) return [{ rule: 'UNREADABLE', where }];
  const named = (name: string) => root.elements.filter((element) => element.name === name);
  const faults: OfdAFault[] = [];
  if (root.root.attributes.DocType !== 'OFD-A') faults.push({ rule: 'DOC_TYPE', where });
  if (named('DocBody').length !== 1) faults.push({ rule: 'ONE_DOCUMENT', where });
  if (named('CustomData').length === 0) faults.push({ rule: 'METADATA', where });
  if (named('Signatures').length > 0) faults.push({ rule: 'SIGNED', where });
  return faults;
}

const LOCATIONS: ReadonlySet<string> = new Set([
  ...[
    'DocRoot',
    'PublicRes',
    'DocumentRes',
    'PageRes',
    'FontFile',
    'MediaFile',
    'FileLoc',
    'Annotations',
    'Attachments',
  ],
]);

function checkPart(part: Part, files: ReadonlyMap<string, Uint8Array>): OfdAFault[] {
  const at = (rule: OfdARule) => (element: XmlElement) => ({ rule, where: `${part.path} ${element.name}` });
  const { elements } = part;
  const forbidden = elements.filter(({ name, children }) => FORBIDDEN.has(name) || isOtherAct(name, children));
  const outside = elements.filter(({ name, text }) => LOCATIONS.has(name) && leadsOut(part.path, text));
  const pictures = elements.filter((element) => element.name === 'MultiMedia' && !isPictureOf(element, part, files));
  const colours = elements.filter(
    ({ name, attributes }) => name === 'ColorSpace' && !COLOURS.has(attributes.Type?.toUpperCase() ?? ''),
  );
  const smoothed = elements.filter(({ attributes }) => attributes.Interpolate === 'true');
  const notes = elements.filter((element) => element.name === 'Annot' && !isFrozen(element));
  const attached = elements.filter(
    ({ name, attributes }) => name === 'Attachment' && !ATTACHED.has(attributes.Format?.toUpperCase() ?? ''),
  );
  return [
    ...forbidden.map(at('FORBIDDEN_ELEMENT')),
    ...outside.map(at('OUTSIDE_RESOURCE')),
    ...misplaced(part).map(at('RESOURCE_PLACE')),
    ...pictures.map(at('PICTURE_FORMAT')),
    ...colours.map(at('COLOUR_SPACE')),
    ...smoothed.map(at('INTERPOLATED')),
    ...notes.map(at('ANNOTATION')),
    ...attached.map(at('ATTACHMENT_FORMAT')),
    ...(depthOf(part.root) > MOST_BLOCKS ? [at('BLOCK_DEPTH')(part.root)] : []),
    ...(sharesLayerNames(part.root) ? [at('LAYER_NAMES')(part.root)] : []),
  ];
}

/** An action may lead to a place in the document, and nowhere else. */
const isOtherAct = (name: string, children: readonly XmlElement[]) =>
  name === 'Action' && !children.some((child) => child.name === 'Goto');

function leadsOut(base: string, location: string): boolean {
  return location !== '' && (/^[a-z][a-z0-9+.-]*:/i.test(location) || resolveLocation(base, location) === undefined);
}

/** Fonts and colour spaces stand in the public resources, all else in those of the document. */
function misplaced({ path, elements }: Part): XmlElement[] {
  const isPublic = path.endsWith('PublicRes.xml');
  const elsewhere = isPublic ? ['MultiMedia', 'DrawParam', 'CompositeGraphicUnit'] : ['Font', 'ColorSpace'];
  return elements.filter(({ name, attributes }) => elsewhere.includes(name) && attributes.ID !== undefined);
}

function isPictureOf(media: XmlElement, { path, root }: Part, files: ReadonlyMap<string, Uint8Array>): boolean {
  if (media.attributes.Type !== 'Image') return false;
  const location = media.children.find(({ name }) => name === 'MediaFile')?.text ?? '';
  const folder = root.attributes.BaseLoc ?? '';
  const file = resolveLocation(path, location.startsWith('/') ? location : `${folder}/${location}`);
  const bytes = file === undefined ? undefined : files.get(file);
  const seen = bytes && readImage(bytes)?.format.toUpperCase();
  const format = (media.attributes.Format ?? seen ?? '').toUpperCase();
  if (!bytes || !PICTURES.has(format)) return false;
  return seen === undefined || seen === format || (seen === 'JPEG' && format === 'JPG');
}

const isFrozen = ({ attributes }: XmlElement) =>
  attributes.ReadOnly !== 'false' && attributes.NoZoom === 'true' && attributes.NoRotate === 'true';

function depthOf(element: XmlElement): number {
  const below = Math.max(0, ...element.children.map(depthOf));
  return element.name === 'PageBlock' ? below + 1 : below;
}

function sharesLayerNames(root: XmlElement): boolean {
  const layers = walk(root).filter(({ name }) => name === 'Layer');
  const names = layers.map(({ attributes }) => attributes.Name ?? attributes.Type ?? 'Body');
  return new Set(names).size < names.length;
}

/** Every font that is used is declared, and every one declared is inside. */
function checkFonts(parts: readonly Part[]): OfdAFault[] {
  const all = parts.flatMap(({ path, elements }) => elements.map((element) => ({ path, element })));
  const fonts = all.filter(({ element }) => element.name === 'Font' && element.attributes.ID !== undefined);
  const known = new Set(fonts.map(({ element }) => element.attributes.ID));
  const bare = fonts.filter(({ element }) => !element.children.some(({ name, text }) => name === 'FontFile' && text));
  const unknown = all.filter(({ element }) => element.name === 'TextObject' && !known.has(element.attributes.Font));
  return [...bare, ...unknown].map(({ path }) => ({ rule: 'FONT_NOT_EMBEDDED', where: path }));
}
