/** Records of many persons or bodies at once: those known by their number, and those that are new. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { sm3 } from '../kernel/digest.ts';
import { toBase32 } from '../kernel/ids.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertMissing, updateRows } from '../store/bulk-write.ts';
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

/** In the order of the inputs. A record's name follows the newest submission; licences keep the name they were issued with on
 *  their face. */
export async function findOrAddHolders(
  house: House,
  tx: Tx,
  inputs: readonly HolderInput[],
): Promise<readonly HolderColumns[]> {
  const { holders } = house.db.rows;
  const indexes = inputs.map(({ number }) => indexHolderNumber(house, number));
  const rows = await readRows(holders, { where: { numberIndex: { [Op.in]: [...new Set(indexes)] } }, tx });
  const known = new Map(rows.map((row) => [row.numberIndex, row]));
  const added: HolderColumns[] = [];
  const renamed = new Map<string, string>();
  const found = inputs.map((input, place) => {
    const numberIndex = indexes[place] ?? '';
    const holder = known.get(numberIndex);
    if (holder) {
      if (holder.name !== input.name) renamed.set(holder.id, input.name);
      return holder;
    }
    const fresh = composeHolder(house, input, numberIndex);
    known.set(numberIndex, fresh);
    added.push(fresh);
    return fresh;
  });
  await insertMissing(house.db, tx, holders, 'id', added);
  const names = [...renamed].map(([id, name]) => ({ id, name }));
  await updateRows(house.db, tx, holders, 'id', names);
  return found;
}

function composeHolder(house: House, input: HolderInput, numberIndex: string): HolderColumns {
  const number = input.number.trim().toUpperCase();
  return {
    // Derived, so that two submissions at once cannot add the same holder twice.
    id: toBase32(sm3('holder', numberIndex)).slice(0, 26),
    type: input.type,
    name: input.name,
    numberType: input.numberType ?? defaultNumberType(input.type),
    numberCipher: house.cipher.encrypt('holders.number', number),
    numberIndex,
    createdAt: house.clock(),
  };
}
