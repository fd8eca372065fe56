/** What the built-in development authority has made: in production none of it counts, also when a database of a demonstration
 *  was carried over. */
import type { House } from '../house.ts';
import type { KeyColumns, SealColumns } from './rows.ts';

type OfHouse = Pick<House, 'db' | 'mode'>;

const AUTHORITY: readonly KeyColumns['purpose'][] = ['root', 'issuing', 'seal-maker'];

/** The development authority's own certificates, DER in base64. Empty outside production, where they count. */
export async function findBarredCertificates({ db, mode }: OfHouse): Promise<ReadonlySet<string>> {
  if (mode !== 'production') return new Set();
  const keys = await db.rows.keys.findAll({ where: { purpose: [...AUTHORITY] }, attributes: ['certificates'] });
  return new Set(keys.flatMap(({ certificates: [own] }) => own ?? []));
}

/** Whether a seal may not be used in this house because the built-in maker made it. */
export function isBarredSeal({ mode }: Pick<House, 'mode'>, { origin }: Pick<SealColumns, 'origin'>): boolean {
  return mode === 'production' && origin !== 'registered';
}
