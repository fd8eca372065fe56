/** Which licences are disputed now: an objection is open, or upheld and not yet corrected, and the licence type's policy is to say so. Read
 *  anew every time, so that the very next reader is told. */
import { Op } from 'sequelize';
import { findCurrentEntry } from '../catalogue/find-entry.ts';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import { OPEN_STATES } from './objection-words.ts';

/** Ids of those that are. */
export async function findDisputed(
  house: House,
  licences: readonly { readonly id: string; readonly catalogueCode: string }[],
): Promise<ReadonlySet<string>> {
  if (licences.length === 0) return new Set();
  const rows = await readRows(house.db.rows.objections, {
    where: { licenceId: { [Op.in]: licences.map(({ id }) => id) }, state: { [Op.in]: [...OPEN_STATES] } },
    attributes: ['licenceId'],
  });
  const open = new Set(rows.map(({ licenceId }) => licenceId));
  const concerned = licences.filter(({ id }) => open.has(id));
  const codes = [...new Set(concerned.map(({ catalogueCode }) => catalogueCode))];
  const marking = new Set<string>();
  for (const code of codes) if (await marksDisputed(house, code)) marking.add(code);
  return new Set(concerned.filter(({ catalogueCode }) => marking.has(catalogueCode)).map(({ id }) => id));
}

/** The issuer's policy: the version of the entry that is in force today decides, whatever version a licence was issued under. */
export async function marksDisputed(house: House, catalogueCode: string, tx?: Tx): Promise<boolean> {
  const entry = await findCurrentEntry(house, catalogueCode, tx);
  return entry?.definition.markDisputed ?? true;
}
