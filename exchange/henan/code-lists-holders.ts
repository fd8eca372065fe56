/** Code types of holders (持证主体代码类型, GB/T 36903 Annex A) and the kind of holder each belongs to. Henan's tables have no
 *  column for them: they travel in new_add_metadata, and a holder without one is judged by `whose`. */
import type { HolderType } from '../../models/holder/index.ts';

export const HOLDER_NUMBER_TYPES = {
  '001': { zh: '统一社会信用代码', kind: 'legal' },
  '099': { zh: '其他法人或其他组织有效证件代码', kind: 'legal' },
  '111': { zh: '公民身份号码', kind: 'natural' },
  '114': { zh: '军官证', kind: 'natural' },
  '115': { zh: '武警警官证', kind: 'natural' },
  '118': { zh: '士兵证（解放军）', kind: 'natural' },
  '119': { zh: '士兵证（武警）', kind: 'natural' },
  '120': { zh: '解放军文职人员证', kind: 'natural' },
  '122': { zh: '武警文职人员证', kind: 'natural' },
  '411': { zh: '外交护照', kind: 'natural' },
  '412': { zh: '公务护照', kind: 'natural' },
  '413': { zh: '公务普通护照', kind: 'natural' },
  '414': { zh: '普通护照', kind: 'natural' },
  '511': { zh: '台湾居民来往大陆通行证', kind: 'natural' },
  '516': { zh: '港澳居民来往内地通行证', kind: 'natural' },
  '999': { zh: '其他自然人有效证件', kind: 'natural' },
} as const satisfies Readonly<Record<string, { zh: string; kind: HolderType }>>;
export type HolderNumberType = keyof typeof HOLDER_NUMBER_TYPES;

export function readHolderNumberType(text: string): HolderNumberType | undefined {
  return Object.hasOwn(HOLDER_NUMBER_TYPES, text) ? (text as HolderNumberType) : undefined;
}

/** The kind of holder a number of this type belongs to; undefined for a type that is not in the list. */
export function kindOfHolder(numberType: string): HolderType | undefined {
  const known = readHolderNumberType(numberType);
  return known && HOLDER_NUMBER_TYPES[known].kind;
}

/** `whose` of a licence, by its holders: all of one kind, or mixed. */
export function kindOfHolders(holders: readonly { readonly type: string }[]): 'natural' | 'legal' | 'both' {
  const kinds = new Set(holders.map(({ type }) => type));
  if (kinds.size > 1) return 'both';
  return kinds.has('natural') ? 'natural' : 'legal';
}
