/** The holders of a licence: the first in its columns, its code type and further holders in new_add_metadata. */
import type { PointedFault } from '../../../models/kernel/fault.ts';
import { readWhose } from '../code-lists.ts';
import { kindOfHolder } from '../code-lists-holders.ts';
import { findReserved, type MetadataItem, RESERVED } from '../metadata.ts';

interface ReadHolder {
  readonly name: string | undefined;
  readonly type: string | undefined;
  readonly number: string | undefined;
  readonly numberType?: string;
}

const MOST_HOLDERS = 50;

export function readHolders(
  text: Readonly<Record<string, string>>,
  items: readonly MetadataItem[],
  faults: PointedFault[],
): ReadHolder[] {
  const whose = readWhose(text.whose);
  if (whose === undefined)
    faults.push({ pointer: '/holders/0/type', code: 'FIELD_NOT_IN_CODE_LIST', detail: 'whose 0 / 1 / 2' });
  const first = { name: text.holder?.trim(), number: text.holder_code?.trim() };
  const holders = [readHolder(first, 0, whose, findReserved(items, RESERVED.holderNumberType), faults)];
  for (let index = 1; index < MOST_HOLDERS; index += 1) {
    const of = (name: string) => findReserved(items, `${name}${index + 1}`);
    const further = { name: of(RESERVED.holder), number: of(RESERVED.holderCode) };
    if (further.name === undefined && further.number === undefined) break;
    holders.push(readHolder(further, index, whose, of(RESERVED.holderNumberType), faults));
  }
  return holders;
}

function readHolder(
  { name, number }: Pick<ReadHolder, 'name' | 'number'>,
  index: number,
  whose: 'natural' | 'legal' | 'both' | undefined,
  numberType: string | undefined,
  faults: PointedFault[],
): ReadHolder {
  const pointer = `/holders/${index}/type`;
  const kind = numberType === undefined ? undefined : kindOfHolder(numberType);
  if (numberType !== undefined && kind === undefined)
    faults.push({ pointer, code: 'FIELD_NOT_IN_CODE_LIST', detail: 'GB/T 36903 附录A' });
  else if (kind === undefined && whose === 'both')
    faults.push({
      pointer,
      code: 'FIELD_REQUIRED',
      detail: `whose = 2：new_add_metadata.${RESERVED.holderNumberType}`,
    });
  else if (kind !== undefined && whose !== undefined && whose !== 'both' && whose !== kind)
    faults.push({ pointer, code: 'HOLDER_TYPE_NOT_ALLOWED', detail: `whose ≠ ${RESERVED.holderNumberType}` });
  const type = kind ?? (whose === 'both' ? undefined : whose);
  return { name, type, number, ...(kind && numberType ? { numberType } : {}) };
}
