/** Strict DER (ITU-T X.690 §10–11) over raw slices: what is read can be hashed as it stood.
 *  Refuses indefinite and non-minimal lengths, long tags and trailing bytes. Never re-encodes. */
import { SigningError } from '../error.ts';

/** One element. `raw` and `value` are views of the bytes given, not copies. */
export interface DerNode {
  /** The identifier octet: class, constructed bit and number. */
  readonly tag: number;
  /** Tag, length and value as they stood. */
  readonly raw: Uint8Array;
  readonly value: Uint8Array;
  /** Where `raw` begins in the bytes that were read. */
  readonly offset: number;
}

export const TAG = {
  BOOLEAN: 0x01,
  INTEGER: 0x02,
  BIT_STRING: 0x03,
  OCTET_STRING: 0x04,
  NULL: 0x05,
  OID: 0x06,
  UTF8: 0x0c,
  PRINTABLE: 0x13,
  IA5: 0x16,
  UTC_TIME: 0x17,
  GENERALIZED_TIME: 0x18,
  SEQUENCE: 0x30,
  SET: 0x31,
} as const;

/** The tag of a constructed context-specific element. */
export function contextTag(number: number): number {
  return 0xa0 | number;
}

/** A fault of DER, with the offset where it was seen. */
export function derFault(message: string, offset: number): SigningError {
  return new SigningError('MALFORMED', `DER: ${message} at offset ${offset}`, { reason: 'NOT_DER', offset });
}

function readLength(bytes: Uint8Array, at: number, base: number): { length: number; next: number } {
  const first = bytes[at];
  if (first === undefined) throw derFault('length missing', base + at);
  if (first < 0x80) return { length: first, next: at + 1 };
  const count = first & 0x7f;
  if (count === 0) throw derFault('indefinite length', base + at);
  if (count > 4) throw derFault('length too long', base + at);
  let length = 0;
  for (let i = 1; i <= count; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw derFault('length cut short', base + at);
    length = length * 256 + byte;
  }
  if (length < 0x80 || length < 256 ** (count - 1)) throw derFault('length not minimal', base + at);
  return { length, next: at + 1 + count };
}

function readNode(bytes: Uint8Array, at: number, base: number): DerNode {
  const tag = bytes[at];
  if (tag === undefined) throw derFault('element missing', base + at);
  if ((tag & 0x1f) === 0x1f) throw derFault('long tag', base + at);
  const { length, next } = readLength(bytes, at + 1, base);
  if (length > bytes.length - next) throw derFault('element cut short', base + at);
  const end = next + length;
  return { tag, raw: bytes.subarray(at, end), value: bytes.subarray(next, end), offset: base + at };
}

/** Where the value of the element at `at` begins and ends. The value itself need not be among the bytes. */
export function readDerHeader(
  bytes: Uint8Array,
  at: number,
  tag: number,
): { readonly from: number; readonly end: number } {
  const found = bytes[at];
  if (found !== tag) throw derFault(`expected tag ${tag.toString(16)}`, at);
  const { length, next } = readLength(bytes, at + 1, 0);
  return { from: next, end: next + length };
}

/** Read the one element that fills `bytes`. @throws MALFORMED for anything else. */
export function parseDer(bytes: Uint8Array): DerNode {
  const node = readNode(bytes, 0, 0);
  if (node.raw.length !== bytes.length) throw derFault('trailing bytes', node.raw.length);
  return node;
}

/** The elements inside a constructed element. @throws MALFORMED when it is primitive or does not come out even. */
export function childrenOf(node: DerNode): DerNode[] {
  if ((node.tag & 0x20) === 0) throw derFault('not constructed', node.offset);
  const base = node.offset + node.raw.length - node.value.length;
  const children: DerNode[] = [];
  for (let at = 0; at < node.value.length; ) {
    const child = readNode(node.value, at, base);
    children.push(child);
    at += child.raw.length;
  }
  return children;
}

/** Reads the members of a SEQUENCE (or another constructed element) in order. */
export class DerFields {
  private readonly fields: readonly DerNode[];
  private readonly offset: number;
  private at = 0;

  constructor(node: DerNode, tag: number = TAG.SEQUENCE) {
    if (node.tag !== tag)
      throw derFault(`expected tag ${tag.toString(16)}, found ${node.tag.toString(16)}`, node.offset);
    this.fields = childrenOf(node);
    this.offset = node.offset;
  }

  /** How many members are left. */
  get left(): number {
    return this.fields.length - this.at;
  }

  /** The next member, which must carry `tag`. */
  take(tag: number): DerNode {
    const node = this.optional(tag);
    if (node === undefined) throw derFault(`member with tag ${tag.toString(16)} missing`, this.offset);
    return node;
  }

  /** The next member whatever its tag. */
  takeAny(): DerNode {
    const node = this.fields[this.at];
    if (node === undefined) throw derFault('member missing', this.offset);
    this.at++;
    return node;
  }

  /** The next member if it carries `tag`. */
  optional(tag: number): DerNode | undefined {
    const node = this.fields[this.at];
    if (node?.tag !== tag) return undefined;
    this.at++;
    return node;
  }

  /** No member may be left. */
  end(): void {
    if (this.left > 0) throw derFault('unexpected member', this.fields[this.at]?.offset ?? this.offset);
  }
}
