/** How the connection to the province stands: whether it answers, since when not, and before when nobody knocks again. One row,
 *  for all processes. */
import { QueryTypes } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { instantText } from '../store/bulk-values.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import type { ProvinceLinkColumns } from './province-rows.ts';

const FIRST_REST_MS = 5_000;
/** One cycle: when the province is back after days it is found within one. */
const LONGEST_REST_MS = 120_000;

export async function findLink(house: House, name: string): Promise<ProvinceLinkColumns | undefined> {
  const [row] = await readRows(house.db.rows.provinceLinks, { where: { name } });
  return row;
}

/** All that were ever used, by name. */
export async function listLinks(house: House): Promise<ProvinceLinkColumns[]> {
  return readRows(house.db.rows.provinceLinks, { where: {}, order: [['name', 'ASC']] });
}

/** Nobody answered: rest, longer each time, or until the instant that the province itself asked for. */
export async function noteLinkDown(
  house: House,
  name: string,
  error: string,
  askedFor: Date | undefined,
): Promise<void> {
  const now = house.clock();
  await withTransaction(house.db, async (tx) => {
    const { provinceLinks } = house.db.rows;
    const known = await provinceLinks.findByPk(name, { transaction: tx, lock: true });
    const failures = (known?.failures ?? 0) + 1;
    const rest = Math.min(FIRST_REST_MS * 2 ** Math.min(failures - 1, 20), LONGEST_REST_MS);
    const jitter = 1 - (house.random(1)[0] ?? 0) / 1024;
    const notBefore = askedFor ?? new Date(now.getTime() + Math.round(rest * jitter));
    const values = { failures, downSince: known?.downSince ?? now, notBefore, lastError: error, updatedAt: now };
    if (known) await known.update(values, { transaction: tx });
    else await provinceLinks.create({ name, ...values, unbelieved: 0, lastUnbelieved: null }, { transaction: tx });
  });
}

/** It answers. Written only when it did not before. */
export async function noteLinkUp(house: House, tx: Tx, name: string): Promise<void> {
  const { provinceLinks } = house.db.rows;
  const up = { failures: 0, downSince: null, notBefore: null, updatedAt: house.clock() };
  await provinceLinks.update(up, { where: { name }, transaction: tx });
}

/** Answers that were not believed are counted; why the last was not is kept. */
export async function noteUnbelieved(house: House, tx: Tx, name: string, causes: readonly string[]): Promise<void> {
  if (causes.length === 0) return;
  const mysql = house.db.dialect === 'mysql';
  const now = instantText(house.clock(), house.db.dialect);
  const given = mysql ? (column: string) => `VALUES(${column})` : (column: string) => `excluded.${column}`;
  await house.db.sequelize.query(
    `INSERT INTO province_links (name, failures, unbelieved, last_unbelieved, updated_at)
     VALUES (:name, 0, :count, :last, :now) ${mysql ? 'ON DUPLICATE KEY UPDATE' : 'ON CONFLICT(name) DO UPDATE SET'}
       unbelieved = ${mysql ? 'unbelieved' : 'province_links.unbelieved'} + ${given('unbelieved')},
       last_unbelieved = ${given('last_unbelieved')}, updated_at = ${given('updated_at')}`,
    {
      replacements: { name, count: causes.length, last: causes.at(-1) ?? null, now },
      ...{ type: QueryTypes.RAW, transaction: tx },
    },
  );
}
