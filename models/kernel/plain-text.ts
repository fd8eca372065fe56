/** Text that people read holds no invisible characters: controls, orders to write backwards, private use, half surrogates. */
import type { PointedFault } from './fault.ts';

const INVISIBLE = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/u;

/** A line feed is allowed: it breaks lines on a face. */
export function hasControlCharacter(text: string): boolean {
  return INVISIBLE.test(text.replaceAll('\n', ''));
}

/** What stands for bytes that were no UTF-8. */
export const LOST_BYTE = '\ufffd';

/** A file's name for people's eyes: nothing in it moves a terminal, and what is lost or invisible is written as \u{…}. */
export function escapeName(name: string): string {
  return Array.from(name, (character) =>
    character === LOST_BYTE || INVISIBLE.test(character)
      ? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
      : character,
  ).join('');
}

/** RFC 6901: ~ and / are written ~0 and ~1. */
export function escapePointer(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}

/** Every text of a JSON value that holds one, named by its place. Keys are judged where keys are free. */
export function findControlCharacters(value: unknown, pointer = ''): readonly PointedFault[] {
  if (typeof value === 'string') return hasControlCharacter(value) ? [{ pointer, code: 'CONTROL_CHARACTER' }] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) =>
    findControlCharacters(item, `${pointer}/${escapePointer(key)}`),
  );
}
