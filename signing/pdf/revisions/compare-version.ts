/** What became of the version and the extensions that a catalogue states (ISO 32000-1 §7.7.2, §7.12): programs that append
 *  validation data or newer signatures raise them, and say nothing else there. */
import type { PdfFile } from '../syntax/pdf-file.ts';
import { integerOf, nameOf, type PdfDict, type PdfValue } from '../syntax/pdf-value.ts';
import { changedKeys } from './same-value.ts';

/** From the lowest; all there are (ISO 32000-2 §7.5.2). */
const VERSIONS = '1.0 1.1 1.2 1.3 1.4 1.5 1.6 1.7 2.0'.split(' ');
/** ETSI's (EN 319 142-1 §5.4.1), and Adobe's. */
const DEVELOPERS = new Set(['ESIC', 'ADBE']);
const EXTENSION_KEYS = new Set(['Type', 'BaseVersion', 'ExtensionLevel']);
/** Above every level that a developer has given out. */
const MAX_LEVEL = 20;
const HEADER = 1024;

/** Whether the version the catalogue states now is one there is, and not lower than the file's before. */
export function mayBeVersion(before: PdfFile, was: PdfDict, after: PdfFile, is: PdfDict): boolean {
  const head = Buffer.from(before.bytes.subarray(0, HEADER)).toString('latin1');
  const stated = nameOf(before.resolve(was.entries.get('Version'))) ?? '';
  const floor = Math.max(VERSIONS.indexOf(/%PDF-(\d\.\d)/.exec(head)?.[1] ?? ''), VERSIONS.indexOf(stated));
  const now = VERSIONS.indexOf(nameOf(after.resolve(is.entries.get('Version'))) ?? '');
  return now >= 0 && now >= floor;
}

/** Whether the extensions gained, or raised, nothing but levels of developers that are known. */
export function mayBeExtensions(before: PdfFile, was: PdfValue | undefined, after: PdfFile, is: PdfValue): boolean {
  const old = before.plainDict(was) ?? { kind: 'dict', entries: new Map<string, PdfValue>() };
  if (is.kind !== 'dict') return false;
  return changedKeys(old, is).every((key) => {
    if (key === 'Type') return nameOf(after.resolve(is.entries.get(key))) === 'DeveloperExtensions';
    const level = levelOf(after, after.plainDict(is.entries.get(key)));
    const least = levelOf(before, before.plainDict(old.entries.get(key))) ?? 1;
    return DEVELOPERS.has(key) && level !== undefined && level >= least;
  });
}

/** The level a developer's dictionary states; undefined when it is no plausible one, or states anything else. */
function levelOf(file: PdfFile, extension: PdfDict | undefined): number | undefined {
  if (extension === undefined || [...extension.entries.keys()].some((key) => !EXTENSION_KEYS.has(key)))
    return undefined;
  const type = file.resolve(extension.entries.get('Type'));
  const level = integerOf(file.resolve(extension.entries.get('ExtensionLevel')));
  const base = nameOf(file.resolve(extension.entries.get('BaseVersion'))) ?? '';
  const sound = VERSIONS.includes(base) && (type.kind === 'null' || nameOf(type) === 'DeveloperExtensions');
  return sound && level !== undefined && level >= 1 && level <= MAX_LEVEL ? level : undefined;
}
