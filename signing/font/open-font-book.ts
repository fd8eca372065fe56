/** The fonts that faces are set in: for every role a chain, the first font with a glyph draws the character. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { SigningError } from '../error.ts';
import type { FontRole } from '../face/face.ts';
import type { Font } from './open-font.ts';
import { openFont } from './open-font.ts';
import { countFonts } from './sfnt.ts';

export interface FontBook {
  /** The first font of the role's chain that has a glyph for the character; undefined when none has. */
  fontFor(role: FontRole, codePoint: number): Font | undefined;
  /** Every font of a role, in the order they are asked. */
  chainOf(role: FontRole): readonly Font[];
}

export interface FontBookOptions {
  /** Folders of the operator's own fonts (TTF, OTF, TTC, OTC), asked after the fonts we bring. */
  readonly extraDirs?: readonly string[];
}

const FILES: Readonly<Record<FontRole, string>> = {
  serif: 'serif.ttf',
  'serif-bold': 'serif-bold.ttf',
  sans: 'sans.ttf',
  'sans-bold': 'sans-bold.ttf',
};
const RARE = ['rare-hk.ttf', 'rare-jp.ttf'];
const FONT_FILES = new Set(['.ttf', '.otf', '.ttc', '.otc']);

/** Open the fonts of a folder prepared by `npm run prepare`. Fonts are read when first needed, and kept.
 *  @throws SigningError FONT_MISSING when one is not there, UNSUPPORTED or MALFORMED for a font that cannot be read */
export function openFontBook(dir: string, options: FontBookOptions = {}): FontBook {
  for (const file of [...Object.values(FILES), ...RARE]) {
    if (existsSync(join(dir, file))) continue;
    throw new SigningError('FONT_MISSING', `a font is missing: run \`npm run prepare\``, { file, dir });
  }
  const fonts = new Map<string, Font>();
  const open = (path: string, index: number): Font => {
    const id = index === 0 ? path : `${path}#${index}`;
    let font = fonts.get(id);
    if (font === undefined) {
      font = openFont(basename(id), readFileSync(path), index);
      fonts.set(id, font);
    }
    return font;
  };
  const rare = lazily(() => RARE.map((file) => open(join(dir, file), 0)));
  const extra = lazily(() => {
    const found = (options.extraDirs ?? []).flatMap((folder) => openFolder(folder, open));
    // A collection holds the shapes of several regions: ours first.
    return [...found.filter(isSimplifiedChinese), ...found.filter((font) => !isSimplifiedChinese(font))];
  });
  const first = Object.fromEntries(
    Object.entries(FILES).map(([role, file]) => [role, lazily(() => open(join(dir, file), 0))]),
  ) as Record<FontRole, () => Font>;
  return {
    fontFor: (role, codePoint) => {
      const own = first[role]();
      if (own.glyphOf(codePoint) !== 0) return own;
      const has = (font: Font) => font.glyphOf(codePoint) !== 0;
      return rare().find(has) ?? extra().find(has);
    },
    chainOf: (role) => [first[role](), ...rare(), ...extra()],
  };
}

function isSimplifiedChinese(font: Font): boolean {
  return /SC|CN|GB/.test(font.name);
}

function openFolder(folder: string, open: (path: string, index: number) => Font): Font[] {
  if (!existsSync(folder)) throw new SigningError('FONT_MISSING', 'a font folder is not there', { dir: folder });
  return readdirSync(folder)
    .filter((file) => FONT_FILES.has(extname(file).toLowerCase()))
    .sort()
    .flatMap((file) => {
      const path = join(folder, file);
      const count = countFonts(readFileSync(path));
      return Array.from({ length: count }, (_, index) => open(path, index));
    });
}

function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
