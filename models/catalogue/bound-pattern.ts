/** Regular expressions come from departments and run on every submission. A pattern is taken only when its worst case is small
 *  by its very form: the ways in which the matcher can go through it are counted, for the longest value it may meet.
 *  Letters, sets, `.`, `\d` and the like are one way; a sequence multiplies, `|` adds, a repetition of at most n multiplies
 *  n times. So `^\d{4}-[A-Z]{1,6}$` costs 6, `^[^<>]*$` the length of the value, `^(a+)+$` more than there are atoms. Look-around,
 *  back references and named groups are not taken. */

/** Some 10 ms of matching at the worst. */
const MOST_WAYS = 1_000_000;

/** Sets, escapes and single characters; property escapes are one set. */
const ATOM = /\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u\{[0-9a-fA-F]+\}|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}|\\.|./suy;
const QUANTIFIER = /(?:\*|\+|\?|\{(\d+)(,(\d*))?\})\??/uy;

/** Undefined for what is no regular expression, holds what is not taken, or may take too many ways through a value of at most
 *  `longest` characters. */
export function boundPattern(pattern: string, longest: number): RegExp | undefined {
  let compiled: RegExp;
  try {
    compiled = new RegExp(pattern, 'u');
  } catch {
    return undefined;
  }
  const reader: Reader = { pattern, at: 0, longest };
  const ways = countAlternatives(reader);
  // Without `^` it is tried at every character.
  const starts = pattern.startsWith('^') && !pattern.includes('|') ? 1 : longest;
  return ways * starts <= MOST_WAYS ? compiled : undefined;
}

interface Reader {
  readonly pattern: string;
  at: number;
  readonly longest: number;
}

function countAlternatives(reader: Reader): number {
  let total = 0;
  let branch = 1;
  while (reader.at < reader.pattern.length && reader.pattern[reader.at] !== ')') {
    if (reader.pattern[reader.at] === '|') {
      reader.at += 1;
      total += branch;
      branch = 1;
    } else {
      branch *= repeat(reader, countAtom(reader));
    }
  }
  return total + branch;
}

/** Infinity for what is not taken. */
function countAtom(reader: Reader): number {
  const { pattern } = reader;
  if (pattern[reader.at] === '(') {
    const plain = pattern.startsWith('(?:', reader.at);
    const special = !plain && pattern[reader.at + 1] === '?';
    reader.at += plain ? 3 : 1;
    const inside = countAlternatives(reader);
    reader.at += 1;
    return special ? Number.POSITIVE_INFINITY : inside;
  }
  ATOM.lastIndex = reader.at;
  const atom = ATOM.exec(pattern)?.[0] ?? '';
  reader.at += Math.max(atom.length, 1);
  return /^\\[1-9k]/.test(atom) ? Number.POSITIVE_INFINITY : 1;
}

function repeat(reader: Reader, ways: number): number {
  QUANTIFIER.lastIndex = reader.at;
  const found = QUANTIFIER.exec(reader.pattern);
  if (!found) return ways;
  reader.at += found[0].length;
  const [least, most] = readBounds(found, reader.longest);
  // A fixed count of one way stays one way; else every count adds its own.
  if (ways === 1) return most - least + 1;
  let total = 0;
  for (let count = least; count <= most && total <= MOST_WAYS; count += 1) total += ways ** count;
  return total;
}

/** No value holds more repetitions than it has characters. */
function readBounds([text, exact, comma, upper]: RegExpExecArray, longest: number): [number, number] {
  if (text.startsWith('*')) return [0, longest];
  if (text.startsWith('+')) return [1, longest];
  if (text.startsWith('?')) return [0, 1];
  const least = Math.min(Number(exact), longest);
  if (comma === undefined) return [least, least];
  return [least, Math.max(least, Math.min(upper ? Number(upper) : longest, longest))];
}

const MOST_KEPT = 2_000;
const kept = new Map<string, RegExp | undefined>();

/** Does the value follow the pattern? What is longer than `longest` does not, nor does anything follow a pattern that
 *  `boundPattern` does not take. Counted in characters. */
export function followsPattern(pattern: string, value: string, longest: number): boolean {
  const key = `${longest} ${pattern}`;
  if (!kept.has(key)) {
    if (kept.size >= MOST_KEPT) kept.clear();
    kept.set(key, boundPattern(pattern, longest));
  }
  return [...value].length <= longest && kept.get(key)?.test(value) === true;
}
