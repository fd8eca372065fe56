/** The business values that travel inside an OFD (GB/T 33190 §7.4, CustomDatas of the first document). */
import { readPackage } from '../zip/read-package.ts';
import { ROOT_PATH } from './read-ofd-root.ts';
import { childNamed, childrenNamed, parseXml } from './xml-tree.ts';

/** Values by name; of two with one name the first. Empty when the file states none. @throws MALFORMED */
export function readOfdCustomData(bytes: Uint8Array): ReadonlyMap<string, string> {
  const root = readPackage(bytes).files.get(ROOT_PATH);
  const body = root && childNamed(parseXml(root), 'DocBody');
  const info = body && childNamed(body, 'DocInfo');
  const list = info && childNamed(info, 'CustomDatas');
  const values = new Map<string, string>();
  for (const { attributes, text } of list ? childrenNamed(list, 'CustomData') : []) {
    if (attributes.Name !== undefined && !values.has(attributes.Name)) values.set(attributes.Name, text.trim());
  }
  return values;
}
