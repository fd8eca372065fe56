/** Many genuine PDF signatures wrap DER parts in a BER shell: lengths left open, or longer than needed (ITU-T X.690
 *  §8.1.3). This writes the shell anew with definite lengths. What is signed, and the certificates, are carried over
 *  as they stand, so that their own strict readers judge them. */
import { derFault, TAG } from '../der/read-der.ts';
import { concatBytes, element } from '../der/write-der.ts';

interface BerNode {
  readonly tag: number;
  /** Offsets of the whole, and of its value. */
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly end: number;
}

const MAX_DEPTH = 32;

/** ContentInfo, [0], SignedData, its members, and one level inside its SETs: the signer. */
const SIGNER_DEPTH = 4;

/** How many bytes the structure at the beginning takes, whatever follows it. @throws MALFORMED when it is not BER */
export function shellLength(bytes: Uint8Array): number {
  return readBer(bytes, 0, 0).end;
}

/** A copy whose shell is DER. @throws MALFORMED when the bytes are not even BER, or something follows */
export function toDerShell(bytes: Uint8Array): Uint8Array {
  const node = readBer(bytes, 0, 0);
  if (node.end !== bytes.length) throw derFault('trailing bytes', node.end);
  return rewrite(bytes, node, 0, TAG.SEQUENCE);
}

function rewrite(bytes: Uint8Array, node: BerNode, depth: number, parent: number): Uint8Array {
  const ofShell = depth < SIGNER_DEPTH || (depth === SIGNER_DEPTH && parent === TAG.SET);
  if (!ofShell || (node.tag & 0x20) === 0) return bytes.subarray(node.start, node.end);
  const parts = childrenOf(bytes, node, depth).map((child) => rewrite(bytes, child, depth + 1, node.tag));
  return element(node.tag, concatBytes(parts));
}

function childrenOf(bytes: Uint8Array, node: BerNode, depth: number): BerNode[] {
  const children: BerNode[] = [];
  for (let at = node.valueStart; at < node.valueEnd; ) {
    const child = readBer(bytes, at, depth + 1);
    children.push(child);
    at = child.end;
  }
  return children;
}

function readBer(bytes: Uint8Array, start: number, depth: number): BerNode {
  const tag = bytes[start];
  const first = bytes[start + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f || depth > MAX_DEPTH) {
    throw derFault('not BER', start);
  }
  if (first === 0x80) return readOpen(bytes, start, tag, depth);
  const count = first < 0x80 ? 0 : first & 0x7f;
  if (count > 4) throw derFault('length too long', start);
  const valueStart = start + 2 + count;
  const length =
    count === 0 ? first : Number.parseInt(Buffer.from(bytes.subarray(start + 2, valueStart)).toString('hex'), 16);
  const end = valueStart + length;
  if (!(end <= bytes.length)) throw derFault('element cut short', start);
  return { tag, start, valueStart, valueEnd: end, end };
}

/** An open length ends with two zero bytes behind its last member. */
function readOpen(bytes: Uint8Array, start: number, tag: number, depth: number): BerNode {
  if ((tag & 0x20) === 0) throw derFault('open length of a primitive', start);
  let at = start + 2;
  while (bytes[at] !== 0 || bytes[at + 1] !== 0) at = readBer(bytes, at, depth + 1).end;
  return { tag, start, valueStart: start + 2, valueEnd: at, end: at + 2 };
}
