/** A font for browsers on machines without Chinese fonts: our own sans, cut down to the characters of GB/T 2312. Browsers
 *  that have one of the fonts named first never ask for it. */
import type { Express } from 'express';
import type { House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { subsetFont } from '../../signing/index.ts';

const DAY_SECONDS = 86_400;

export function servePageFont(app: Express, house: House): void {
  let font: Buffer | undefined;
  app.get('/assets/page-font.ttf', (_request, response) => {
    font ??= cutFont(house);
    response.setHeader('Cache-Control', `public, max-age=${DAY_SECONDS}`);
    response.type('font/ttf').send(font);
  });
}

function cutFont(house: House): Buffer {
  const [sans] = house.fonts.chainOf('sans');
  if (!sans) throw new Fault('INTERNAL');
  return Buffer.from(subsetFont(sans, listCharacters()).bytes);
}

const FIRST_BYTE = 0xa1;
const LAST_BYTE = 0xf7;

/** ASCII and the two-byte characters of GB/T 2312, whose code table the platform knows as part of GB 18030. */
function listCharacters(): number[] {
  const decoder = new TextDecoder('gb18030');
  const characters = Array.from({ length: 95 }, (_, at) => at + 0x20);
  for (let high = FIRST_BYTE; high <= LAST_BYTE; high += 1) {
    for (let low = FIRST_BYTE; low <= 0xfe; low += 1) {
      const codePoint = decoder.decode(Uint8Array.of(high, low)).codePointAt(0) ?? 0;
      if (codePoint < 0xe000 || codePoint > 0xf8ff) characters.push(codePoint);
    }
  }
  return characters;
}
