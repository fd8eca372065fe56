/** Edge cases of the numbers: leading zeros, ranges, altered values, particular keys and nonces. */
import {
  type CaseList,
  CURVE,
  DEFAULT_ID,
  derOf,
  digestOf,
  int,
  type Key,
  keyOf,
  seeded,
  seq,
  sign,
} from './edge-maker.ts';
import {
  add,
  bytesOf,
  generatorOf,
  identityOf,
  inverse,
  modulo,
  multiply,
  negate,
  numberOf,
  signWithAbscissa,
  sm3Of,
  type Value,
} from './textbook-sm2.ts';

const { n, p } = CURVE;
const text = (words: string): Buffer => Buffer.from(words);

interface Found {
  readonly message: Buffer;
  readonly e: bigint;
  readonly value: Value;
}

/** The first message of a row whose signature is as wanted: only the digest changes, so that it is quickly found. */
function findMessage(key: Key, name: string, wanted: (found: Found) => boolean): Found {
  const identity = identityOf(CURVE, key.point, DEFAULT_ID);
  const k = seeded(`nonce ${name}`);
  const x = multiply(CURVE, generatorOf(CURVE), k)?.[0] ?? 0n;
  for (let count = 0; ; count += 1) {
    const message = text(`${name} ${count}`);
    const e = numberOf(sm3Of(identity, message));
    const value = signWithAbscissa(CURVE, key.d, e, k, x);
    if (value !== undefined && wanted({ message, e, value })) return { message, e, value };
  }
}

const shorter = (value: bigint, bytes: number): boolean => value < 1n << BigInt(256 - 8 * bytes);
const topBit = (value: bigint): boolean => value >> 255n === 1n;
const topByte7f = (value: bigint): boolean => value >> 248n === 0x7fn;

export function addLeadingZeros(list: CaseList): void {
  const key = keyOf(seeded('leading zeros'));
  const kinds: readonly (readonly [string, (found: Found) => boolean])[] = [
    ['r begins with one zero byte', ({ value }) => shorter(value.r, 1)],
    ['s begins with one zero byte', ({ value }) => shorter(value.s, 1)],
    ['e begins with one zero byte', ({ e }) => shorter(e, 1)],
    ['r begins with a zero byte and then a bit that is set', ({ value }) => value.r >> 247n === 1n],
    ['s begins with a zero byte and then a bit that is set', ({ value }) => value.s >> 247n === 1n],
    ['both begin with a set bit', ({ value }) => topBit(value.r) && topBit(value.s)],
    ['neither begins with a set bit', ({ value }) => !topBit(value.r) && !topBit(value.s)],
    ['r begins with 7f', ({ value }) => topByte7f(value.r)],
    ['s begins with 7f', ({ value }) => topByte7f(value.s)],
    ['r begins with two zero bytes', ({ value }) => shorter(value.r, 2)],
    ['s begins with two zero bytes', ({ value }) => shorter(value.s, 2)],
    ['e begins with two zero bytes', ({ e }) => shorter(e, 2)],
    ['both begin with a zero byte', ({ value }) => shorter(value.r, 1) && shorter(value.s, 1)],
    ['e ends with two zero bytes', ({ e }) => (e & 0xffffn) === 0n],
  ];
  for (const [comment, wanted] of kinds) {
    for (const copy of ['a', 'b']) {
      const { message, value } = findMessage(key, `${comment} ${copy}`, wanted);
      const flags = ['LeadingZero'];
      list.add('leading-zeros', { comment, key: key.point, message, signature: value, expected: 'valid', flags });
    }
  }
  addPadded(list, key);
  addShortCoordinates(list);
}

/** The same values, written with all 32 bytes: not minimal, so not DER. */
function addPadded(list: CaseList, key: Key): void {
  for (const name of ['r', 's'] as const) {
    const found = findMessage(key, `padded ${name}`, ({ value }) => value[name] < 1n << 247n);
    const { r, s } = found.value;
    const wide = (value: bigint): Buffer => Buffer.concat([Buffer.of(2, 32), bytesOf(value)]);
    const signature = name === 'r' ? seq(wide(r), int(s)) : seq(int(r), wide(s));
    const comment = `${name} is short, and padded to 32 bytes`;
    const { message } = found;
    list.add('leading-zeros', {
      comment,
      key: key.point,
      message,
      signature,
      expected: 'invalid',
      flags: ['NotMinimal'],
    });
  }
}

function addShortCoordinates(list: CaseList): void {
  const short = (at: 0 | 1, from: bigint): Key => {
    let { d, point } = keyOf(from);
    while (!shorter(point[at], 1)) {
      point = add(CURVE, point, generatorOf(CURVE)) ?? point;
      d += 1n;
    }
    return { d, point };
  };
  for (const [at, coordinate] of ['x', 'y'].entries()) {
    for (const from of [1n, 1000n, 5000n]) {
      const key = short(at === 0 ? 0 : 1, from);
      const message = text(`short ${coordinate} ${key.d}`);
      const comment = `the ${coordinate} of the public key begins with a zero byte`;
      const signature = sign(key, DEFAULT_ID, message, comment);
      const flags = ['LeadingZero'];
      list.add('leading-zeros', { comment, key: key.point, message, signature, expected: 'valid', flags });
    }
  }
}

const EDGES: readonly (readonly [string, bigint])[] = [
  ['0', 0n],
  ['1', 1n],
  ['2', 2n],
  ['n − 1', n - 1n],
  ['n', n],
  ['n + 1', n + 1n],
  ['p', p],
  ['2^256 − 1', (1n << 256n) - 1n],
  ['2^256', 1n << 256n],
  ['2^512', 1n << 512n],
  ['−1', -1n],
  ['−n', -n],
];

export function addRanges(list: CaseList): void {
  const key = keyOf(seeded('ranges'));
  const message = text('range');
  const good = sign(key, DEFAULT_ID, message, 'range');
  const { r, s } = good;
  const invalid = (comment: string, value: Value, flag = 'OutOfRange') =>
    list.add('range', { comment, key: key.point, message, signature: value, expected: 'invalid', flags: [flag] });
  for (const [name, value] of EDGES) {
    invalid(`r = ${name}`, { r: value, s });
    invalid(`s = ${name}`, { r, s: value });
    invalid(`r = s = ${name}`, { r: value, s: value });
  }
  for (const [name, by] of [
    ['+ n', n],
    ['− n', -n],
    ['+ 2n', 2n * n],
    ['+ 2^256', 1n << 256n],
  ] as const) {
    invalid(`r ${name}: the same modulo n or 2^256`, { r: r + by, s });
    invalid(`s ${name}: the same modulo n or 2^256`, { r, s: s + by });
    invalid(`r and s ${name}`, { r: r + by, s: s + by });
  }
  invalid('r negated', { r: -r, s });
  invalid('s negated', { r, s: -s });
  const sumZero = 'SumZero';
  invalid('r + s = n with the right r', { r, s: n - r }, sumZero);
  invalid('r + s = n with the right s', { r: n - s, s }, sumZero);
  invalid('r = 1, s = n − 1', { r: 1n, s: n - 1n }, sumZero);
  invalid('r = n − 1, s = 1', { r: n - 1n, s: 1n }, sumZero);
  invalid(
    'r = e and r + s = n',
    {
      r: modulo(digestOf(key.point, DEFAULT_ID, message), n),
      s: n - modulo(digestOf(key.point, DEFAULT_ID, message), n),
    },
    sumZero,
  );
  list.add('range', { comment: 'the right values', key: key.point, message, signature: good, expected: 'valid' });
}

export function addMalleability(list: CaseList): void {
  for (const name of ['one', 'two']) {
    const key = keyOf(seeded(`malleability ${name}`));
    const message = text(`malleability ${name}`);
    const { r, s } = sign(key, DEFAULT_ID, message, name);
    const invalid = (comment: string, signature: Value) =>
      list.add('malleability', {
        comment,
        key: key.point,
        message,
        signature,
        expected: 'invalid',
        flags: ['Malleability'],
      });
    invalid('(r, n − s): right in ECDSA, not in SM2', { r, s: n - s });
    invalid('(n − r, s)', { r: n - r, s });
    invalid('(n − r, n − s)', { r: n - r, s: n - s });
    invalid('(s, r)', { r: s, s: r });
    invalid('(r, s⁻¹)', { r, s: inverse(s, n) });
    invalid('(r, t): t = r + s in the place of s', { r, s: modulo(r + s, n) });
    invalid('(r, s + 1)', { r, s: s + 1n });
    invalid('(r − 1, s)', { r: r - 1n, s });
    const mirrored = negate(CURVE, key.point);
    const flags = ['Malleability'];
    const comment = 'under the mirrored public key (x, p − y)';
    list.add('malleability', { comment, key: mirrored, message, signature: { r, s }, expected: 'invalid', flags });
  }
}

export function addParticular(list: CaseList): void {
  const message = text('particular');
  const flags = ['Particular'];
  for (const [name, d] of [
    ['1: the key is the generator', 1n],
    ['2', 2n],
    ['3', 3n],
    ['n − 2, the greatest there is', n - 2n],
    ['n − 3', n - 3n],
    ['(n − 1) / 2', (n - 1n) / 2n],
    ['2^255', 1n << 255n],
  ] as const) {
    const key = keyOf(d);
    const signature = sign(key, DEFAULT_ID, message, `d ${name}`);
    list.add('particular', { comment: `d = ${name}`, key: key.point, message, signature, expected: 'valid', flags });
  }
  const key = keyOf(seeded('particular'));
  const e = digestOf(key.point, DEFAULT_ID, message);
  for (const [name, k] of [
    ['1', 1n],
    ['2', 2n],
    ['3', 3n],
    ['n − 1', n - 1n],
    ['n − 2', n - 2n],
    ['2^128', 1n << 128n],
    ['2^255', 1n << 255n],
    ['(n + 1) / 2', (n + 1n) / 2n],
    ['d', key.d],
  ] as const) {
    const x = multiply(CURVE, generatorOf(CURVE), k)?.[0] ?? 0n;
    const signature = signWithAbscissa(CURVE, key.d, e, k, x);
    if (signature === undefined) continue;
    list.add('particular', { comment: `k = ${name}`, key: key.point, message, signature, expected: 'valid', flags });
  }
  addInfinity(list, key, message, e);
  addGeneratorTricks(list, message);
}

/** sG + tP is the point at infinity: who takes its x for 0 accepts r = e. */
function addInfinity(list: CaseList, key: Key, message: Buffer, e: bigint): void {
  const toInfinity = (r: bigint): Value => ({ r, s: modulo(-r * key.d * inverse(1n + key.d, n), n) });
  const comments: readonly (readonly [string, bigint])[] = [
    ['sG + tP at infinity, r = e', modulo(e, n)],
    ['sG + tP at infinity, r = e + 1', modulo(e + 1n, n)],
    ['sG + tP at infinity, r = 1', 1n],
    ['sG + tP at infinity, r by chance', seeded('infinity')],
  ];
  for (const [comment, r] of comments) {
    const signature = derOf(toInfinity(r));
    list.add('particular', { comment, key: key.point, message, signature, expected: 'invalid', flags: ['Infinity'] });
  }
}

function addGeneratorTricks(list: CaseList, message: Buffer): void {
  const mirrored = negate(CURVE, generatorOf(CURVE));
  const e = modulo(digestOf(mirrored, DEFAULT_ID, message), n);
  for (const [comment, signature] of [
    ['the key is −G (d = n − 1, which no signer may have), values by chance', { r: seeded('r'), s: seeded('s') }],
    ['the key is −G, r = e', { r: e, s: seeded('s') }],
  ] as const) {
    list.add('particular', { comment, key: mirrored, message, signature, expected: 'invalid', flags: ['Particular'] });
  }
}
