/** Items of new_add_metadata as fields of the catalogue entry: an item is a field by its key, else by its name; never by likeness. */
import type { CatalogueDefinition, FieldDefinition } from '../../../models/catalogue/index.ts';
import type { PointedFault } from '../../../models/kernel/fault.ts';
import { escapePointer } from '../../../models/kernel/plain-text.ts';
import { readDay } from '../days.ts';
import { isReserved, type MetadataItem } from '../metadata.ts';

/** Item types and the fields they may fill. */
const FITS: Readonly<Record<string, (type: FieldDefinition['type']) => boolean>> = {
  string: (type) => type !== 'image',
  riqi: (type) => type === 'date' || type === 'text',
  image: (type) => type === 'image',
};

export function readFields(
  items: readonly MetadataItem[],
  definition: CatalogueDefinition | undefined,
  faults: PointedFault[],
): Record<string, string> {
  const fields: Record<string, string> = {};
  for (const item of items) {
    if (isReserved(item.key) && !definition?.fields.some(({ key }) => key === item.key)) continue;
    const field = findField(item, definition);
    const key = field?.key ?? item.key;
    const pointer = `/fields/${escapePointer(key)}`;
    if (definition && !field) {
      faults.push({ pointer, code: 'FIELD_UNKNOWN', detail: item.name });
      continue;
    }
    if (Object.hasOwn(fields, key)) faults.push({ pointer, code: 'ALREADY_EXISTS', detail: item.key });
    if (field && !FITS[item.type]?.(field.type)) faults.push({ pointer, code: 'FIELD_TYPE', detail: item.type });
    if (item.value !== '') fields[key] = field?.type === 'date' ? (readDay(item.value) ?? item.value) : item.value;
  }
  return fields;
}

function findField(item: MetadataItem, definition: CatalogueDefinition | undefined): FieldDefinition | undefined {
  const byKey = definition?.fields.find(({ key }) => key === item.key);
  if (byKey || !item.name) return byKey;
  const byName = definition?.fields.filter(({ name }) => name === item.name) ?? [];
  return byName.length === 1 ? byName[0] : undefined;
}
