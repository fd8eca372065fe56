/** A small tree of an XML part, by local names (XML 1.0, Namespaces 1.0). Refuses document types, other encodings
 *  than UTF-8, and parts too large or too deep. */
import { SaxesParser } from 'saxes';
import { SigningError } from '../error.ts';

export interface XmlElement {
  /** Local name. */
  readonly name: string;
  /** Attributes by local name; declarations of namespaces left out. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Character data directly inside, trimmed. */
  readonly text: string;
}

const MAX_BYTES = 16 * 2 ** 20;
const MAX_DEPTH = 64;
const MAX_ELEMENTS = 200_000;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

function xmlFault(message: string): SigningError {
  return new SigningError('MALFORMED', `XML: ${message}`, { reason: 'XML_MALFORMED' });
}

interface OpenElement {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  text: string;
}

const localName = (name: string) => name.slice(name.indexOf(':') + 1);

function localAttributes(given: Readonly<Record<string, string>>): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (const name of Object.keys(given)) {
    if (name === 'xmlns' || name.startsWith('xmlns:')) continue;
    const local = localName(name);
    if (local === '__proto__' || Object.hasOwn(attributes, local)) throw xmlFault(`attribute ${local} is given twice`);
    attributes[local] = given[name] ?? '';
  }
  return attributes;
}

function decode(bytes: Uint8Array): string {
  if (bytes.length > MAX_BYTES) throw new SigningError('TOO_LARGE', 'an XML part is too large');
  try {
    return UTF8.decode(bytes);
  } catch {
    throw xmlFault('not UTF-8');
  }
}

/** Parse an XML part and give its root element. @throws MALFORMED, TOO_LARGE */
export function parseXml(bytes: Uint8Array): XmlElement {
  const document: OpenElement = { name: '', attributes: {}, children: [], text: '' };
  const open: OpenElement[] = [document];
  let count = 0;
  const parser = new SaxesParser({ xmlns: false, position: false } as const);
  const addText = (text: string) => {
    const top = open.at(-1);
    if (top) top.text += text;
  };
  parser.on('error', (error) => {
    throw xmlFault(error.message);
  });
  parser.on('doctype', () => {
    throw xmlFault('a document type is not allowed');
  });
  parser.on('xmldecl', ({ encoding }) => {
    if (encoding !== undefined && !/^utf-?8$/i.test(encoding)) throw xmlFault('an encoding other than UTF-8');
  });
  parser.on('opentag', (tag) => {
    if (open.length > MAX_DEPTH || ++count > MAX_ELEMENTS)
      throw new SigningError('TOO_LARGE', 'an XML part is too deep or too large');
    const element = { name: localName(tag.name), attributes: localAttributes(tag.attributes), children: [], text: '' };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => {
    const closed = open.pop();
    if (closed) closed.text = closed.text.trim();
  });
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.write(decode(bytes)).close();
  const [root] = document.children;
  if (!root) throw xmlFault('no root element');
  return root;
}

/** Children of a name. */
export function childrenNamed(element: XmlElement, name: string): XmlElement[] {
  return element.children.filter((child) => child.name === name);
}

/** The one child of a name, or undefined. @throws MALFORMED when there are several */
export function childNamed(element: XmlElement, name: string): XmlElement | undefined {
  const [first, second] = childrenNamed(element, name);
  if (second) throw xmlFault(`more than one ${name}`);
  return first;
}

/** The text of the one child of a name, undefined when it is missing or empty. */
export function textOf(element: XmlElement, name: string): string | undefined {
  return childNamed(element, name)?.text || undefined;
}
