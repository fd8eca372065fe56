/** One record a person or body: found by number, added when new. */
import type { House } from '../house.ts';
import { sm3 } from '../kernel/digest.ts';
import { toBase32 } from '../kernel/ids.ts';
import type { Tx } from '../store/with-transaction.ts';
import { indexHolderNumber } from './index-number.ts';
import type { HolderColumns, HolderType } from './rows.ts';

export interface HolderInput {
  readonly name: string;
  readonly type: HolderType;
  readonly number: string;
  /** GB/T 36903 Annex A; default 001 for legal persons, 111 for natural persons. */
  readonly numberType?: string | undefined;
}

export function defaultNumberType(type: HolderType): string {
  return type === 'legal' ? '001' : '111';
}

/** The record's name follows the newest submission; licences keep the name they were issued with on their face. */
export async function findOrAddHolder(house: House, tx: Tx, input: HolderInput): Promise<HolderColumns> {
  const { holders } = house.db.rows;
  const number = input.number.trim().toUpperCase();
  const numberIndex = indexHolderNumber(house, number);
  const known = await holders.findOne({ where: { numberIndex }, transaction: tx });
  if (known) {
    if (known.name !== input.name) await known.update({ name: input.name }, { transaction: tx });
    return known.get();
  }
  const added: HolderColumns = {
    // Derived, so that two submissions at once cannot add the same holder twice.
    id: toBase32(sm3('holder', numberIndex)).slice(0, 26),
    type: input.type,
    name: input.name,
    numberType: input.numberType ?? defaultNumberType(input.type),
    numberCipher: house.cipher.encrypt('holders.number', number),
    numberIndex,
    createdAt: house.clock(),
  };
  await holders.create(added, { transaction: tx, ignoreDuplicates: true });
  return added;
}

export function revealHolderNumber(house: Pick<House, 'cipher'>, holder: Pick<HolderColumns, 'numberCipher'>): string {
  return house.cipher.decrypt('holders.number', holder.numberCipher);
}
