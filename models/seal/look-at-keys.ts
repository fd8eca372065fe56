/** Whether the repository's keys open, and what a house still lacks before it can issue. Changes nothing and uses no key. */
import type { House } from '../house.ts';
import { findBarredCertificates } from './development-made.ts';
import { decryptRow } from './keys.ts';
import type { KeyColumns } from './rows.ts';
import { acceptedSealMakers } from './seal-makers.ts';

type OfHouse = Pick<House, 'db' | 'mode' | 'clock'>;

/** How many of the repository's keys lie here and open. Throws `KEY_PASSPHRASE_WRONG` for the first that does not. */
export async function openRepositoryKeys({ db }: OfHouse, keyPassphrase: string): Promise<number> {
  const where = { purpose: 'repository', provider: 'software', state: 'active' } as const;
  const rows = await db.rows.keys.findAll({ where, order: [['id', 'ASC']] });
  for (const row of rows) decryptRow(row, keyPassphrase);
  return rows.length;
}

export interface Lacking {
  /** Of SM2 and RSA, those of which the repository has no key. */
  readonly repositoryKeys: readonly KeyColumns['algorithm'][];
  /** No maker of seals is accepted today. */
  readonly makers: boolean;
}

export async function findLacking(house: OfHouse): Promise<Lacking> {
  const { keys } = house.db.rows;
  const rows = await keys.findAll({ where: { purpose: 'repository', state: 'active' } });
  const barred = await findBarredCertificates(house);
  const usable = rows.filter(({ certificates }) => !certificates.some((one) => barred.has(one)));
  const has = (wanted: KeyColumns['algorithm']) => usable.some(({ algorithm }) => algorithm === wanted);
  return {
    repositoryKeys: (['SM2', 'RSA'] as const).filter((wanted) => !has(wanted)),
    makers: (await acceptedSealMakers(house, house.clock())).length === 0,
  };
}
