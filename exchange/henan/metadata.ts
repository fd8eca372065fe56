/** new_add_metadata: the face items of a licence as a JSON array, in the order of the face. The same room reads and writes it. */
import { z } from 'zod';

/** As they were seen in the field; numbers and flags are texts there. */
const itemSchema = z.object({
  _id: z.string().optional(),
  t_name: z.string().nullish(),
  t_key: z.string().min(1),
  t_value: z.union([z.string(), z.number(), z.null()]).optional(),
  type: z.string().nullish(),
});

export interface MetadataItem {
  readonly key: string;
  readonly name: string;
  readonly value: string;
  /** string, riqi (a date), image; anything else as it stands. */
  readonly type: string;
}

/** Words that were seen where there is nothing. */
const NOTHING: readonly string[] = ['', '无', 'null', '-'];

export const isNothing = (text: string): boolean => NOTHING.includes(text.trim());

/** The items; undefined when the text is not what the column is for. */
export function readMetadata(text: string): MetadataItem[] | undefined {
  if (isNothing(text)) return [];
  const read = z.array(itemSchema).safeParse(parseJson(text));
  if (!read.success) return undefined;
  return read.data.map((item) => ({
    key: item.t_key.trim(),
    name: item.t_name?.trim() ?? '',
    value: item.t_value === null || item.t_value === undefined ? '' : String(item.t_value),
    type: item.type?.trim() ?? 'string',
  }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What the tables have no column for travels under its short name of GB/T 36903, in any case of letters. */
export const RESERVED = {
  /** 证照标识 */
  identifier: 'zzbs',
  /** 变更原因 */
  reason: 'zzbgyy',
  /** 持证主体, and its code and code type: of the second holder and every further one with its number behind. */
  holder: 'czzt',
  holderCode: 'czztdm',
  holderNumberType: 'czztdmlxdm',
} as const;

/** Is the key one of ours, with or without the number of a holder? */
export function isReserved(key: string): boolean {
  const name = key.toLowerCase().replace(/\d{1,2}$/, '');
  return Object.values<string>(RESERVED).includes(name);
}

export function findReserved(items: readonly MetadataItem[], name: string): string | undefined {
  const found = items.find(({ key }) => key.toLowerCase() === name);
  return found && !isNothing(found.value) ? found.value.trim() : undefined;
}

/** One item as it is written. */
export interface WrittenItem {
  readonly key: string;
  readonly name: string;
  readonly value: string;
  readonly type: 'string' | 'riqi' | 'image';
  readonly length?: number | undefined;
  readonly required?: boolean;
  readonly shown?: boolean;
}

const USUAL_LENGTH = 255;

/** @param idOf gives each item an id that stays the same for the same key */
export function writeMetadata(items: readonly WrittenItem[], idOf: (key: string) => string): string {
  return JSON.stringify(
    items.map(({ key, name, value, type, length = USUAL_LENGTH, required = false, shown = true }, index) => ({
      _id: idOf(key),
      t_name: name,
      t_key: key,
      t_value: value,
      type,
      length: String(length),
      required: required ? '1' : '0',
      t_display: shown ? '1' : '0',
      t_sort: String(index + 1),
    })),
  );
}
