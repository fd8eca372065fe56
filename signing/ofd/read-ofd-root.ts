/** OFD.xml, the root of a package (GB/T 33190 §7.4). */
import { SigningError } from '../error.ts';
import { childNamed, childrenNamed, parseXml, textOf, type XmlElement } from './xml-tree.ts';

export const ROOT_PATH = 'OFD.xml';

export interface OfdBody {
  /** Location of the document. */
  readonly docRoot: string;
  /** Location of the list of signatures. */
  readonly signatures: string | undefined;
  /** Locations of versions. */
  readonly versions: readonly string[];
  /** CustomDatas by name; of two with one name the first. */
  readonly customData: ReadonlyMap<string, string>;
}

function readCustomData(body: XmlElement): ReadonlyMap<string, string> {
  const info = childNamed(body, 'DocInfo');
  const list = info && childNamed(info, 'CustomDatas');
  const values = new Map<string, string>();
  for (const { attributes, text } of list ? childrenNamed(list, 'CustomData') : []) {
    if (attributes.Name !== undefined && !values.has(attributes.Name)) values.set(attributes.Name, text.trim());
  }
  return values;
}

function readBody(body: XmlElement): OfdBody {
  const docRoot = textOf(body, 'DocRoot');
  if (docRoot === undefined)
    throw new SigningError('MALFORMED', 'a DocBody without DocRoot', { reason: 'LOCATION_MISSING' });
  const versions = childNamed(body, 'Versions');
  return {
    docRoot,
    signatures: textOf(body, 'Signatures'),
    customData: readCustomData(body),
    versions: versions ? childrenNamed(versions, 'Version').flatMap((one) => one.attributes.BaseLoc ?? []) : [],
  };
}

/** Read the bodies of OFD.xml. @throws MALFORMED */
export function readOfdRoot(files: ReadonlyMap<string, Uint8Array>): readonly OfdBody[] {
  const bytes = files.get(ROOT_PATH);
  if (!bytes) throw new SigningError('MALFORMED', 'no OFD.xml', { reason: 'UNKNOWN_FORMAT' });
  const root = parseXml(bytes);
  const bodies = childrenNamed(root, 'DocBody').map(readBody);
  if (root.name !== 'OFD' || bodies.length === 0) throw new SigningError('MALFORMED', 'OFD.xml names no document');
  return bodies;
}
