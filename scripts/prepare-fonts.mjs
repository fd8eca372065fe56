/** Puts the fonts that the faces are set in into `assets/fonts/`: Noto Serif SC and Noto Sans SC (Regular, Bold) whole,
 *  and of Noto Serif HK and JP only the characters the Chinese fonts lack (rare name characters such as U+20BB7).
 *  Run by npm after installation; does nothing when all is there already. Fonts are under the SIL Open Font Licence. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const target = join(dirname(fileURLToPath(import.meta.url)), '..', 'assets', 'fonts');

const WHOLE = [
  ['serif.ttf', '@expo-google-fonts/noto-serif-sc/400Regular/NotoSerifSC_400Regular.ttf'],
  ['serif-bold.ttf', '@expo-google-fonts/noto-serif-sc/700Bold/NotoSerifSC_700Bold.ttf'],
  ['sans.ttf', '@expo-google-fonts/noto-sans-sc/400Regular/NotoSansSC_400Regular.ttf'],
  ['sans-bold.ttf', '@expo-google-fonts/noto-sans-sc/700Bold/NotoSansSC_700Bold.ttf'],
];
const RARE = [
  ['rare-hk.ttf', '@expo-google-fonts/noto-serif-hk/400Regular/NotoSerifHK_400Regular.ttf'],
  ['rare-jp.ttf', '@expo-google-fonts/noto-serif-jp/400Regular/NotoSerifJP_400Regular.ttf'],
];
const LICENCE = ['OFL.txt', '@expo-google-fonts/noto-serif-sc/LICENSE_FONT'];

/** Path of a file of an installed package, or undefined when the package is not there (production install). */
function sourceOf(specifier) {
  const [scope, name, ...rest] = specifier.split('/');
  try {
    return join(dirname(require.resolve(`${scope}/${name}/package.json`)), ...rest);
  } catch {
    return undefined;
  }
}

/** Written beside and renamed, so that two installs at once never leave half a font. */
function writeWhole(file, bytes) {
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, bytes);
  renameSync(temporary, file);
}

/** All characters of a font's format 12 character map (OpenType `cmap`). */
function charactersOf(font) {
  const characters = new Set();
  for (let i = 0, at = 12; i < font.readUInt16BE(4); i++, at += 16) {
    if (font.toString('latin1', at, at + 4) !== 'cmap') continue;
    const cmap = font.readUInt32BE(at + 8);
    for (let j = 0; j < font.readUInt16BE(cmap + 2); j++) {
      const table = cmap + font.readUInt32BE(cmap + 8 + j * 8);
      if (font.readUInt16BE(table) !== 12) continue;
      for (let k = 0, group = table + 16; k < font.readUInt32BE(table + 12); k++, group += 12) {
        for (let c = font.readUInt32BE(group); c <= font.readUInt32BE(group + 4); c++) characters.add(c);
      }
    }
  }
  return characters;
}

/** Cut a font down to some characters with HarfBuzz. */
function subsetOf(hb, font, characters) {
  const place = hb.malloc(font.length);
  new Uint8Array(hb.memory.buffer).set(font, place);
  const MEMORY_MODE_WRITABLE = 2;
  const face = hb.hb_face_create(hb.hb_blob_create(place, font.length, MEMORY_MODE_WRITABLE, 0, 0), 0);
  const input = hb.hb_subset_input_create_or_fail();
  const wanted = hb.hb_subset_input_unicode_set(input);
  for (const character of characters) hb.hb_set_add(wanted, character);
  const subset = hb.hb_subset_or_fail(face, input);
  if (subset === 0) throw new Error('HarfBuzz could not cut the font');
  const blob = hb.hb_face_reference_blob(subset);
  const start = hb.hb_blob_get_data(blob, 0);
  return Buffer.from(hb.memory.buffer.slice(start, start + hb.hb_blob_get_length(blob)));
}

async function makeRare(missing) {
  const wasm = readFileSync(require.resolve('harfbuzzjs/dist/harfbuzz-subset.wasm'));
  const { instance } = await WebAssembly.instantiate(wasm);
  instance.exports._initialize?.();
  const known = charactersOf(readFileSync(join(target, 'serif.ttf')));
  for (const [name, source] of missing) {
    const font = readFileSync(source);
    const rare = [...charactersOf(font)].filter((character) => !known.has(character));
    for (const character of rare) known.add(character);
    writeWhole(join(target, name), subsetOf(instance.exports, font, rare));
  }
}

mkdirSync(target, { recursive: true });
const absent = [];
for (const [name, specifier] of [...WHOLE, LICENCE]) {
  const source = sourceOf(specifier);
  const file = join(target, name);
  if (source === undefined) {
    if (!existsSync(file)) absent.push(name);
  } else if (!existsSync(file) || statSync(file).size !== statSync(source).size) {
    copyFileSync(source, `${file}.${process.pid}`);
    renameSync(`${file}.${process.pid}`, file);
  }
}
const rareMissing = RARE.map(([name, specifier]) => [name, sourceOf(specifier)]).filter(
  ([name]) => !existsSync(join(target, name)),
);
if (absent.length > 0 || rareMissing.some(([, source]) => source === undefined)) {
  console.warn(`fonts not prepared (development packages are not installed): ${target}`);
} else if (rareMissing.length > 0) {
  await makeRare(rareMissing);
}
