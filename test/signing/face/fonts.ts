/** The prepared fonts, opened once for all face tests. */
import { fileURLToPath } from 'node:url';
import { openFontBook } from '../../../signing/font/open-font-book.ts';

export const FONT_DIR = fileURLToPath(new URL('../../../assets/fonts/', import.meta.url));

export const fonts = openFontBook(FONT_DIR);
