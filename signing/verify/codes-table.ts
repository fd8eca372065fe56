/** The table of codes for people, made from the closed tables so that it cannot drift. */
import { CHECK_CODES, sentenceOf } from './check-words.ts';
import { LOOSE_CODES, mayRelax } from './rules.ts';

/** Markdown rows under a head. */
export function tableOfCodes(): string {
  const rows = CHECK_CODES.map((code) => {
    const { zh, en } = sentenceOf(code);
    const usual = LOOSE_CODES[code];
    const kind = usual === undefined ? 'firm' : mayRelax(code) ? 'may relax' : usual;
    return `| \`${code}\` | ${kind} | ${zh} | ${en} |\n`;
  });
  return `| code | usually | 中文 | English |\n| --- | --- | --- | --- |\n${rows.join('')}`;
}
