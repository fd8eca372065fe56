/** Open a finished OFD file, ours or anyone's, to put a further signature on it. What does not change is copied as it is
 *  packed. Nobody's mark goes on a file that is not sound. */
import { SigningError } from '../error.ts';
import { sameBytes } from '../x509/verify-chain.ts';
import { PackedFile, packFiles } from '../zip/packed-file.ts';
import { readPackage } from '../zip/read-package.ts';
import { findFile, resolveLocation } from './location.ts';
import type { OfdPackage } from './package.ts';
import { type OfdBody, ROOT_PATH, readOfdRoot } from './read-ofd-root.ts';
import { readSignaturesXml, readSignatureXml } from './read-signature-xml.ts';
import type { SignatureList } from './signature-list.ts';
import { verifyOfd } from './verify-ofd.ts';
import { SIGNATURES_PATH, writeSignaturesXml } from './write-signature-xml.ts';
import { childNamed, childrenNamed, parseXml } from './xml-tree.ts';

type Files = ReadonlyMap<string, Uint8Array>;

/** @param at the moment at which the signatures it carries must hold
 *  @throws MALFORMED when the file is not sound (`reason` says why), UNSUPPORTED with reason WHOLE_PROTECTED when a signature
 *  it carries forbids any after it */
export function openOfd(bytes: Uint8Array, at: Date): OfdPackage {
  const read = readPackage(bytes);
  const bodies = readOfdRoot(read.files);
  const [body] = bodies;
  if (!body) throw new SigningError('MALFORMED', 'OFD.xml names no document');
  const { list, root } = listOf(read.files, bodies, body);
  // nobody has signed: how a stranger packed it is not kept, for the signatures to come are all ours
  const asPacked = read.canonical || list.rows.length > 0;
  const files = new Map(asPacked ? read.packedFiles() : packFiles(read.files));
  checkSound(bytes, at, list);
  if (root) files.set(ROOT_PATH, new PackedFile(root));
  return { files, pageIds: pageIdsOf(read.files, body), signatures: list };
}

/** Everything must hold but trust, which is not asked; a file without signatures has none to judge. */
function checkSound(bytes: Uint8Array, at: Date, list: SignatureList): void {
  const unsigned = list.rows.length === 0;
  for (const one of verifyOfd(bytes, { at }).checks) {
    // a signature that is announced is perhaps the one to come
    if (one.outcome !== 'failed' || one.code === 'SIGNATURE_STRIPPED') continue;
    if (unsigned && (one.code === 'UNSIGNED' || one.where === list.path || one.where === `/${list.path}`)) continue;
    throw new SigningError('MALFORMED', 'the file is not sound', { reason: one.code ?? one.name });
  }
}

/** The list of signatures; where OFD.xml names none, it is named there, in `root`. */
function listOf(
  files: Files,
  bodies: readonly OfdBody[],
  body: OfdBody,
): { readonly list: SignatureList; readonly root?: Uint8Array } {
  const named = bodies.find(({ signatures }) => signatures !== undefined)?.signatures;
  if (named === undefined) return nameList(files, body);
  const found = findFile(files, ROOT_PATH, named);
  const path = found?.path ?? resolveLocation(ROOT_PATH, named);
  if (path === undefined) throw new SigningError('MALFORMED', 'the list of signatures lies outside of the package');
  const bytes = files.get(path);
  if (!bytes) return { list: { path, rows: [], foreign: path === SIGNATURES_PATH ? undefined : emptyList() } };
  const rows = readSignaturesXml(bytes);
  for (const { baseLoc } of rows) checkContinues(files, path, baseLoc);
  const own = writeSignaturesXml(rows.map(({ type }) => (type === 'Sign' ? 'Sign' : 'Seal')));
  const isOwn = path === SIGNATURES_PATH && sameBytes(own, bytes);
  return { list: { path, rows, foreign: isOwn ? undefined : Buffer.from(bytes).toString('utf8') } };
}

const emptyList = () => Buffer.from(writeSignaturesXml([])).toString('utf8');

/** A signature over the list of signatures forbids any after it. */
function checkContinues(files: Files, list: string, baseLoc: string): void {
  const found = findFile(files, list, baseLoc);
  const bytes = found && files.get(found.path);
  if (!bytes) return;
  for (const { fileRef } of readSignatureXml(bytes).references) {
    const near = findFile(files, found.path, fileRef)?.path;
    if (near !== list && findFile(files, '', fileRef)?.path !== list) continue;
    throw new SigningError('UNSUPPORTED', 'a signature protects the list of signatures', { reason: 'WHOLE_PROTECTED' });
  }
}

/** Nobody has signed a file whose OFD.xml names no list, so OFD.xml may still change. */
function nameList(files: Files, body: OfdBody): { readonly list: SignatureList; readonly root: Uint8Array } {
  const document = resolveLocation(ROOT_PATH, body.docRoot);
  const folder = document?.includes('/') ? document.slice(0, document.lastIndexOf('/') + 1) : '';
  const path = `${folder}Signs/Signatures.xml`;
  const text = Buffer.from(files.get(ROOT_PATH) ?? []).toString('utf8');
  const close = /<\/((?:[\w.-]+:)?)DocBody\s*>/.exec(text);
  if (!close || files.has(path)) throw new SigningError('UNSUPPORTED', 'OFD.xml cannot name a list of signatures');
  const prefix = close[1] ?? '';
  const element = `<${prefix}Signatures>/${path}</${prefix}Signatures>`;
  const root = Buffer.from(text.slice(0, close.index) + element + text.slice(close.index));
  if (readOfdRoot(new Map([[ROOT_PATH, root]]))[0]?.signatures !== `/${path}`) {
    throw new SigningError('UNSUPPORTED', 'OFD.xml cannot name a list of signatures');
  }
  return { list: { path, rows: [], foreign: path === SIGNATURES_PATH ? undefined : emptyList() }, root };
}

function pageIdsOf(files: Files, body: OfdBody): number[] {
  const found = findFile(files, ROOT_PATH, body.docRoot);
  const bytes = found && files.get(found.path);
  const pages = bytes && childNamed(parseXml(bytes), 'Pages');
  return pages ? childrenNamed(pages, 'Page').map(({ attributes }) => Number(attributes.ID)) : [];
}
