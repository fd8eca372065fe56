/** Walk the package from OFD.xml and see that what is named is there (GB/T 33190 §7): documents, pages,
 *  templates, resources, annotations, tags, attachments, versions. */
import { SigningError } from '../error.ts';
import { check } from '../verify/check-words.ts';
import { codeOfFault } from '../verify/refused-report.ts';
import type { Check } from '../verify/report.ts';
import { findFile } from './location.ts';
import type { OfdContext } from './ofd-context.ts';
import { type OfdBody, ROOT_PATH } from './read-ofd-root.ts';
import { childrenNamed, type XmlElement } from './xml-tree.ts';

interface Walk {
  readonly context: OfdContext;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly checks: Check[];
  readonly seen: Set<string>;
}

/** Element names whose text is a location, beside those whose BaseLoc attribute is one. */
const TEXT_LOCATIONS: ReadonlySet<string> = new Set([
  'PublicRes',
  'DocumentRes',
  'PageRes',
  'Annotations',
  'CustomTags',
  'Attachments',
  'Extensions',
  'FileLoc',
  'FontFile',
  'MediaFile',
  'SchemaLoc',
]);
const BASE_LOCATIONS: ReadonlySet<string> = new Set(['Page', 'TemplatePage']);
/** Parts that name further files; pages do only when they have resources of their own. */
const LISTS: ReadonlySet<string> = new Set([
  'PublicRes',
  'DocumentRes',
  'PageRes',
  'Annotations',
  'CustomTags',
  'Attachments',
  'Extensions',
]);

function visit(walk: Walk, base: string, location: string, kind: string): void {
  const found = findFile(walk.files, base, location);
  if (!found) {
    const needed = kind === 'DocRoot' || BASE_LOCATIONS.has(kind);
    walk.checks.push(check('structure', needed ? 'failed' : 'warned', 'LOCATION_MISSING', location));
    return;
  }
  if (walk.seen.has(found.path)) return;
  walk.seen.add(found.path);
  if (!found.exact) walk.checks.push(check('structure', 'warned', 'LOCATION_CASE', found.path));
  const bytes = walk.files.get(found.path) ?? new Uint8Array();
  const isList =
    kind === 'DocRoot' ||
    LISTS.has(kind) ||
    (BASE_LOCATIONS.has(kind) && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).includes('PageRes'));
  if (isList) walkPart(walk, found.path);
}

function walkPart(walk: Walk, path: string): void {
  try {
    const root = walk.context.xmlOf(path);
    // resources lie under the BaseLoc of their Res, which is relative to the Res file
    const folder = root.name === 'Res' ? root.attributes.BaseLoc : undefined;
    const prefix = folder === undefined || folder === '' ? '' : `${folder.replace(/\/+$/, '')}/`;
    walkElement(walk, path, root, (location) => (location.startsWith('/') ? location : `${prefix}${location}`));
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
    walk.checks.push(check('structure', 'failed', codeOfFault(error, 'XML_MALFORMED'), path));
  }
}

function walkElement(walk: Walk, path: string, element: XmlElement, place: (location: string) => string): void {
  for (const child of element.children) {
    const { BaseLoc } = child.attributes;
    if (BASE_LOCATIONS.has(child.name) && BaseLoc) visit(walk, path, BaseLoc, child.name);
    else if (TEXT_LOCATIONS.has(child.name) && child.text) visit(walk, path, place(child.text), child.name);
    walkElement(walk, path, child, place);
  }
}

/** Walk all bodies; gives what is odd or missing. */
export function checkLocations(context: OfdContext, bodies: readonly OfdBody[]): Check[] {
  const walk: Walk = { context, files: context.files, checks: [], seen: new Set() };
  for (const body of bodies) {
    visit(walk, ROOT_PATH, body.docRoot, 'DocRoot');
    for (const version of body.versions) visitVersion(walk, version);
  }
  return walk.checks;
}

/** A version names its own document root and files (GB/T 33190 §19). */
function visitVersion(walk: Walk, location: string): void {
  const found = findFile(walk.files, ROOT_PATH, location);
  if (!found) {
    walk.checks.push(check('structure', 'failed', 'LOCATION_MISSING', location));
    return;
  }
  const root = walk.context.xmlOf(found.path);
  for (const docRoot of childrenNamed(root, 'DocRoot')) visit(walk, found.path, docRoot.text, 'DocRoot');
}
