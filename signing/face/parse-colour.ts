import { SigningError } from '../error.ts';
import type { Colour } from './laid-out-face.ts';

/** `#rrggbb` → red, green, blue.
 *  @throws SigningError MALFORMED */
export function parseColour(text: string): Colour {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  if (match === null) throw new SigningError('MALFORMED', 'a colour is not #rrggbb', { colour: text });
  return [
    Number.parseInt(match[1] ?? '', 16),
    Number.parseInt(match[2] ?? '', 16),
    Number.parseInt(match[3] ?? '', 16),
  ];
}
