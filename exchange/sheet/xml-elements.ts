/** XML as a stream of what matters: elements opening and closing, and the text of a few of them. Names without their prefix. */
import { SaxesParser } from 'saxes';
import { Fault } from '../../models/kernel/fault.ts';

export interface XmlElement {
  readonly kind: 'open' | 'close' | 'text';
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
}

const NONE = {};
/** No cell may hold more (32,767 in Excel). */
const MOST_TEXT = 100_000;

/** @param withText elements whose text is given when they close, before their `close`
 *  Throws `FILE_NOT_WHAT_IT_SAYS` for what is no XML. */
export async function* eachElement(
  bytes: AsyncIterable<Uint8Array>,
  what: string,
  withText: readonly string[] = [],
): AsyncGenerator<XmlElement> {
  const refuse = (cause?: unknown) => new Fault('FILE_NOT_WHAT_IT_SAYS', { detail: what, cause });
  const parser = new SaxesParser();
  const ready: XmlElement[] = [];
  let text: string | undefined;
  parser.on('error', (error) => {
    throw refuse(error);
  });
  parser.on('doctype', () => {
    throw refuse();
  });
  parser.on('opentag', ({ name, attributes }) => {
    const plain = withoutPrefix(name);
    ready.push({ kind: 'open', name: plain, attributes: attributes as Record<string, string>, text: '' });
    if (withText.includes(plain)) text = '';
  });
  parser.on('text', (piece) => {
    if (text === undefined) return;
    text += piece;
    if (text.length > MOST_TEXT) throw refuse();
  });
  parser.on('closetag', ({ name }) => {
    const plain = withoutPrefix(name);
    if (text !== undefined && withText.includes(plain)) {
      ready.push({ kind: 'text', name: plain, attributes: NONE, text });
      text = undefined;
    }
    ready.push({ kind: 'close', name: plain, attributes: NONE, text: '' });
  });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  try {
    for await (const piece of bytes) {
      parser.write(decoder.decode(piece, { stream: true }));
      yield* ready.splice(0);
    }
    parser.write(decoder.decode()).close();
  } catch (cause) {
    throw cause instanceof Fault ? cause : refuse(cause);
  }
  yield* ready.splice(0);
}

const withoutPrefix = (name: string) => name.slice(name.indexOf(':') + 1);
