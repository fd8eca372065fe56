/** Changes that know nothing of any form: bits, bytes, pieces, numbers in text, words of a dictionary. */
export type Random = () => number;
export type Mutator = (bytes: Uint8Array, random: Random, other: Uint8Array) => Uint8Array;

export const below = (random: Random, limit: number): number => Math.floor(random() * Math.max(limit, 1));
export function pick<T>(random: Random, list: readonly [T, ...T[]]): T {
  return list[below(random, list.length)] ?? list[0];
}

const INTERESTING = [0, 1, 0x1f, 0x20, 0x30, 0x3f, 0x7f, 0x80, 0x81, 0x84, 0xa0, 0xff] as const;
const NUMBERS = [
  '0',
  '-1',
  '1',
  '2',
  '65535',
  '65536',
  '2147483647',
  '2147483648',
  '4294967295',
  '4294967296',
  '9007199254740993',
  '999999999999999',
  '99999999999999999999',
] as const;

const splice = (bytes: Uint8Array, at: number, remove: number, insert: Uint8Array): Uint8Array =>
  Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]);

const flip: Mutator = (bytes, random) => {
  const copy = Uint8Array.from(bytes);
  const at = below(random, copy.length);
  copy[at] = (copy[at] ?? 0) ^ (1 << below(random, 8));
  return copy;
};

const set: Mutator = (bytes, random) => {
  const copy = Uint8Array.from(bytes);
  copy[below(random, copy.length)] = random() < 0.5 ? pick(random, INTERESTING) : below(random, 256);
  return copy;
};

const insert: Mutator = (bytes, random) => {
  const noise = Uint8Array.from({ length: 1 + below(random, 8) }, () => below(random, 256));
  return splice(bytes, below(random, bytes.length + 1), 0, noise);
};

const remove: Mutator = (bytes, random) =>
  splice(bytes, below(random, bytes.length), 1 + below(random, 16), Buffer.alloc(0));

const repeat: Mutator = (bytes, random) => {
  const from = below(random, bytes.length);
  const piece = bytes.subarray(from, from + 1 + below(random, 64));
  return splice(bytes, below(random, bytes.length + 1), 0, Buffer.concat(Array(1 + below(random, 20)).fill(piece)));
};

const graft: Mutator = (bytes, random, other) => {
  const from = below(random, other.length);
  const piece = other.subarray(from, from + 1 + below(random, 200));
  return splice(bytes, below(random, bytes.length + 1), random() < 0.5 ? piece.length : 0, piece);
};

const cut: Mutator = (bytes, random) => bytes.subarray(0, below(random, bytes.length));

const number: Mutator = (bytes, random) => {
  const text = Buffer.from(bytes).toString('latin1');
  const runs = [...text.matchAll(/\d+/g)];
  const run = runs[below(random, runs.length)];
  if (run === undefined) return set(bytes, random, bytes);
  return splice(bytes, run.index, run[0].length, Buffer.from(pick(random, NUMBERS)));
};

const word32: Mutator = (bytes, random) => {
  if (bytes.length < 4) return set(bytes, random, bytes);
  const copy = Buffer.from(bytes);
  const value = pick(random, [0, 1, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff]);
  const at = below(random, copy.length - 3);
  if (random() < 0.5) copy.writeUInt32LE(value, at);
  else copy.writeUInt16LE(value & 0xffff, at);
  return copy;
};

/** Put in one of the words that mean something to a reader. */
export function dictionaryMutator(words: readonly [string, ...string[]]): Mutator {
  return (bytes, random) => {
    const token = Buffer.from(pick(random, words), 'latin1');
    const replace = random() < 0.4 ? token.length : 0;
    return splice(bytes, below(random, bytes.length + 1), replace, token);
  };
}

export const BYTE_MUTATORS: readonly [Mutator, ...Mutator[]] = [flip, set, insert, remove, repeat, graft, cut, word32];
export const TEXT_MUTATORS: readonly [Mutator, ...Mutator[]] = [number, repeat, graft, remove, insert];
