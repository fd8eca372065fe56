/** The business values that travel inside a PDF, in its XMP as `write-xmp.ts` writes them. */
import { SigningError } from '../error.ts';
import { childrenNamed, parseXml, textOf, type XmlElement } from '../ofd/xml-tree.ts';
import { openPdf } from './syntax/open-pdf.ts';

/** Values by name; of two with one name the first. Empty when the file states none: another maker's XMP may hold anything.
 *  @throws MALFORMED, UNSUPPORTED, TOO_LARGE of the file itself */
export function readPdfCustomData(bytes: Uint8Array): ReadonlyMap<string, string> {
  const file = openPdf(bytes);
  const catalogue = file.dict(file.trailer.entries.get('Root'));
  const values = new Map<string, string>();
  try {
    const xmp = file.stream(catalogue?.entries.get('Metadata'));
    if (xmp) collect(parseXml(xmp), values);
  } catch (error) {
    if (!(error instanceof SigningError)) throw error;
  }
  return values;
}

function collect(element: XmlElement, values: Map<string, string>): void {
  if (element.name !== 'values') {
    for (const child of element.children) collect(child, values);
    return;
  }
  for (const item of childrenNamed(element, 'Seq').flatMap((list) => childrenNamed(list, 'li'))) {
    const name = textOf(item, 'name');
    if (name !== undefined && !values.has(name)) values.set(name, textOf(item, 'value') ?? '');
  }
}
