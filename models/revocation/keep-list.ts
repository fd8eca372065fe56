/** Revocation lists by the address where they are published: the newest that was in order is kept until a newer one is. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { withTransaction } from '../store/with-transaction.ts';
import type { RevocationListColumns } from './rows.ts';

export interface FetchedList {
  readonly der: Uint8Array;
  /** Subject of the authority. */
  readonly issuer: string;
  readonly thisUpdate: Date;
  readonly nextUpdate: Date | null;
}

/** Addresses that are new are noted, and those of them all that are to be tried now are given, longest waiting first. */
export async function findDueLists(house: House, urls: readonly string[]): Promise<RevocationListColumns[]> {
  const { revocationLists } = house.db.rows;
  const ids = new Map(urls.map((url) => [idOf(url), url]));
  const known = new Set((await revocationLists.findAll({ attributes: ['id'] })).map(({ id }) => id));
  const now = house.clock();
  const fresh = [...ids].filter(([id]) => !known.has(id)).map(([id, url]) => ({ ...EMPTY, id, url, tryAfter: now }));
  if (fresh.length > 0) {
    await withTransaction(house.db, (transaction) =>
      revocationLists.bulkCreate(fresh, { transaction, ignoreDuplicates: true }),
    );
  }
  const where = { id: [...ids.keys()], tryAfter: { [Op.lte]: now } };
  const rows = await revocationLists.findAll({
    where,
    order: [
      ['tryAfter', 'ASC'],
      ['id', 'ASC'],
    ],
  });
  return rows.map((row) => row.get());
}

const idOf = (url: string) => sm3Hex(Buffer.from(url));

const EMPTY = {
  ...{ issuer: null, der: null, thisUpdate: null, nextUpdate: null, fetchedAt: null, triedAt: null, lastError: null },
  failures: 0,
};

/** @param lastError a code when the list is in order and yet not as it should be (it has run out already) */
export async function keepList(
  house: House,
  id: string,
  { der, ...facts }: FetchedList,
  tryAfter: Date,
  lastError: string | null = null,
): Promise<void> {
  const now = house.clock();
  const change = { ...facts, der: Buffer.from(der), fetchedAt: now, triedAt: now, tryAfter, lastError };
  await withTransaction(house.db, async (transaction) => {
    const row = await house.db.rows.revocationLists.findByPk(id, { transaction, lock: true });
    await row?.update({ ...change, failures: lastError === null ? 0 : row.failures + 1 }, { transaction });
  });
}

/** @param lastError a closed code */
export async function noteFailedTry(house: House, id: string, lastError: string, tryAfter: Date): Promise<void> {
  await withTransaction(house.db, async (transaction) => {
    const row = await house.db.rows.revocationLists.findByPk(id, { transaction, lock: true });
    const triedAt = house.clock();
    await row?.update({ lastError, tryAfter, triedAt, failures: row.failures + 1 }, { transaction });
  });
}

export interface ListStatus {
  readonly url: string;
  readonly issuer: string | null;
  readonly thisUpdate: string | null;
  readonly nextUpdate: string | null;
  readonly fetchedAt: string | null;
  /** Since it was issued; null when there is none. */
  readonly ageSeconds: number | null;
  /** Past its nextUpdate. */
  readonly stale: boolean;
  readonly failures: number;
  readonly lastError: string | null;
}

export async function describeLists(house: House): Promise<ListStatus[]> {
  const rows = await house.db.rows.revocationLists.findAll({
    attributes: { exclude: ['der'] },
    order: [['id', 'ASC']],
  });
  const now = house.clock().getTime();
  return rows.map(({ url, issuer, thisUpdate, nextUpdate, fetchedAt, failures, lastError }) => ({
    ...{ url, issuer, failures, lastError },
    thisUpdate: thisUpdate?.toISOString() ?? null,
    nextUpdate: nextUpdate?.toISOString() ?? null,
    fetchedAt: fetchedAt?.toISOString() ?? null,
    ageSeconds: thisUpdate ? Math.max(0, Math.floor((now - thisUpdate.getTime()) / 1000)) : null,
    stale: nextUpdate !== null && nextUpdate.getTime() < now,
  }));
}
