/** Changes of DER that keep the outer lengths right, so that they reach the readers of what is inside. */
import { below, type Mutator, pick, type Random } from './mutate-bytes.ts';

interface Element {
  readonly tag: number;
  readonly children: Element[] | undefined;
  readonly value: Uint8Array;
}

/** As much of the bytes as are definite BER; undefined when they do not come out even. */
function readElements(bytes: Uint8Array, depth = 0): Element[] | undefined {
  const elements: Element[] = [];
  for (let at = 0; at < bytes.length; ) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1] ?? 0x80;
    const count = first < 0x80 ? 0 : first & 0x7f;
    if ((tag & 0x1f) === 0x1f || first === 0x80 || count > 3) return undefined;
    const start = at + 2 + count;
    const length = count === 0 ? first : bytes.subarray(at + 2, start).reduce((sum, byte) => sum * 256 + byte, 0);
    if (start + length > bytes.length) return undefined;
    const value = bytes.subarray(start, start + length);
    const inner = tag === 0x04 || (tag & 0x20) !== 0 ? value : undefined;
    elements.push({ tag, value, children: inner && depth < 40 ? readElements(inner, depth + 1) : undefined });
    at = start + length;
  }
  return elements;
}

function lengthOf(length: number): Buffer {
  if (length < 0x80) return Buffer.of(length);
  const hex = length.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  return Buffer.concat([Buffer.of(0x80 | bytes.length), bytes]);
}

const wrap = (tag: number, value: Uint8Array): Buffer => Buffer.concat([Buffer.of(tag), lengthOf(value.length), value]);

const write = ({ tag, children, value }: Element): Buffer =>
  wrap(tag, children === undefined ? value : Buffer.concat(children.map(write)));

const countOf = (elements: readonly Element[]): number =>
  elements.reduce((sum, { children }) => sum + 1 + countOf(children ?? []), 0);

const TAGS = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x16, 0x17, 0x18, 0x30, 0x31, 0x80, 0xa0, 0xa1, 0xa3,
] as const;
const VALUES = [
  '',
  '00',
  'ff',
  '0000',
  '80',
  'ffffffff',
  '0080',
  `7f${'ff'.repeat(40)}`,
  '3230323630323330303030303030305a',
  '2a864886f70d010101',
  '2affffffffffffffffff7f',
  '81808080808001',
] as const;

function changed(element: Element, random: Random): readonly Element[] {
  const leaf = (tag: number, value: Uint8Array): Element => ({ tag, value, children: undefined });
  switch (below(random, 9)) {
    case 0:
      return [];
    case 1:
      return [element, element];
    case 2:
      return [leaf(pick(random, TAGS), write(element).subarray(2))];
    case 3:
      return [leaf(element.tag, Buffer.from(pick(random, VALUES), 'hex'))];
    case 4: {
      let inner: Buffer = write(element);
      for (let depth = 1 + below(random, 80); depth > 0; depth -= 1) inner = wrap(0x30, inner);
      return [leaf(0x30, inner)];
    }
    case 5:
      return [{ ...element, tag: pick(random, TAGS) }];
    case 6:
      return [element, leaf(pick(random, TAGS), Buffer.from(pick(random, VALUES), 'hex'))];
    case 7:
      return element.children === undefined ? [element] : [{ ...element, children: [...element.children].reverse() }];
    default:
      return [leaf(element.tag, Buffer.concat([element.value, Buffer.from(pick(random, VALUES), 'hex')]))];
  }
}

function changeOne(elements: readonly Element[], index: { left: number }, random: Random): Element[] {
  return elements.flatMap((element) => {
    index.left -= 1;
    if (index.left === -1) return changed(element, random);
    if (element.children === undefined) return [element];
    return [{ ...element, children: changeOne(element.children, index, random) }];
  });
}

/** Change one element anywhere, and write all lengths around it anew. */
export const mutateDer: Mutator = (bytes, random) => {
  const elements = readElements(bytes);
  if (elements === undefined || elements.length === 0) return bytes;
  const index = { left: below(random, countOf(elements)) };
  return Buffer.concat(changeOne(elements, index, random).map(write));
};

/** One length in another form: longer than needed, or left open. */
export const loosenLength: Mutator = (bytes, random) => {
  const elements = readElements(bytes);
  const [root] = elements ?? [];
  if (root === undefined) return bytes;
  const value = root.children === undefined ? root.value : Buffer.concat(root.children.map(write));
  if (random() < 0.5) return Buffer.concat([Buffer.of(root.tag, 0x80), value, Buffer.of(0, 0)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(value.length);
  return Buffer.concat([Buffer.of(root.tag, 0x84), length, value]);
};
