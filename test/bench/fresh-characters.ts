/** Common Chinese characters by chance, so that no bench lives on what it has drawn before. */

/** GB/T 2312 level 1: the 3755 most common characters, rows 16 to 55. */
const COMMON = readLevelOne();

function readLevelOne(): string[] {
  const decoder = new TextDecoder('gb18030');
  const characters: string[] = [];
  for (let row = 0xb0; row <= 0xd7; row += 1) {
    const last = row === 0xd7 ? 0xf9 : 0xfe;
    for (let cell = 0xa1; cell <= last; cell += 1) characters.push(decoder.decode(new Uint8Array([row, cell])));
  }
  return characters;
}

/** A generator that repeats with its seed (mulberry32); gives numbers from 0 to less than 1. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function freshCharacters(count: number, random: () => number): string {
  return Array.from({ length: count }, () => COMMON[Math.floor(random() * COMMON.length)]).join('');
}
