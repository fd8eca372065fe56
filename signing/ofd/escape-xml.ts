import { SigningError } from '../error.ts';

const NAMES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** Text as XML 1.0 content or attribute value.
 *  @throws SigningError MALFORMED for characters that XML cannot hold (control characters, lone surrogates) */
export function escapeXml(text: string): string {
  if (/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u.test(text)) {
    throw new SigningError('MALFORMED', 'a text holds characters that XML cannot');
  }
  return text.replace(/[&<>"']/g, (character) => NAMES[character] ?? character);
}
