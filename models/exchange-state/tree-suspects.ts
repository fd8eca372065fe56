/** What the next comparison looks at besides the trees: changes that the province had not confirmed when they were last looked
 *  at, and what the database's own triggers noticed. Costs what has changed since. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readIdTime, timeToId } from '../kernel/ids.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertRows } from '../store/bulk-write.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { findConfirmed } from './tree-read.ts';
import type { TreeSuspectColumns } from './tree-rows.ts';

export type TreeSuspect = TreeSuspectColumns;

const CHANGES_AT_ONCE = 2000;
/** Ids begin with their time. A transaction that was still open at the last look is found by looking back so far. */
const OVERLAP_MS = 3_600_000;

/** Go through the change records since the last time, and keep in mind the licences that the province has not confirmed. */
export async function noteUnconfirmed(house: House): Promise<void> {
  const { changes, treeState } = house.db.rows;
  const state = await treeState.findByPk(1);
  const seen = state?.changesSeen ?? '';
  const now = house.clock().getTime();
  // An id from far ahead must not carry us past what is still to come.
  const end = timeToId(now + OVERLAP_MS);
  let after = seen === '' ? '' : timeToId(readIdTime(seen) - OVERLAP_MS);
  let newest = seen;
  for (;;) {
    const rows = await readRows(changes, {
      where: { id: { [Op.gt]: after, [Op.lt]: end } },
      order: [['id', 'ASC']],
      limit: CHANGES_AT_ONCE,
      attributes: ['id', 'licenceId'],
    });
    await noteThese(house, [...new Set(rows.map(({ licenceId }) => licenceId))]);
    after = rows.at(-1)?.id ?? after;
    if (after > newest) newest = after;
    if (rows.length < CHANGES_AT_ONCE) break;
  }
  if (newest === seen) return;
  await withTransaction(house.db, (tx) =>
    treeState.update({ changesSeen: newest }, { where: { id: 1 }, transaction: tx }),
  );
}

async function noteThese(house: House, licenceIds: readonly string[]): Promise<void> {
  const { licences, treeSuspects } = house.db.rows;
  const rows = await readRows(licences, {
    where: { id: { [Op.in]: [...licenceIds] }, state: 'issued', source: { [Op.ne]: 'province' } },
    attributes: ['id', 'identifier', 'sequence'],
  });
  const named = rows.flatMap((row) => (row.identifier ? [{ ...row, subject: `licence:${row.identifier}` }] : []));
  const confirmed = await findConfirmed(
    house,
    named.map(({ subject }) => subject),
  );
  const behind = named.filter(({ subject, sequence }) => (confirmed.get(subject)?.sequence ?? 0) < sequence);
  if (behind.length === 0) return;
  const where = { subject: { [Op.in]: behind.map(({ subject }) => subject) }, cause: 'unconfirmed' as const };
  const known = new Set((await readRows(treeSuspects, { where })).map(({ subject }) => subject));
  const fresh = behind.filter(({ subject }) => !known.has(subject));
  await withTransaction(house.db, (tx) =>
    insertRows(
      house.db,
      tx,
      treeSuspects,
      fresh.map(({ id, subject }) => ({ subject, subjectType: 'licence', subjectId: id, cause: 'unconfirmed' })),
    ),
  );
}

/** In the order in which they were noted. */
export async function listSuspects(house: House, after: number, limit: number): Promise<TreeSuspect[]> {
  return readRows(house.db.rows.treeSuspects, { where: { id: { [Op.gt]: after } }, order: [['id', 'ASC']], limit });
}

export async function dropSuspects(house: House, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await withTransaction(house.db, (tx) =>
    house.db.rows.treeSuspects.destroy({ where: { id: { [Op.in]: [...ids] } }, transaction: tx }),
  );
}

/** Does the database itself notice a licence that is removed or altered by hand? */
export async function hasGuards(house: House): Promise<boolean> {
  const names = "('licences_removed', 'licences_altered')";
  const sql =
    house.db.dialect === 'mysql'
      ? `SELECT COUNT(*) AS guards FROM information_schema.triggers WHERE trigger_schema = DATABASE() AND trigger_name IN ${names}`
      : `SELECT COUNT(*) AS guards FROM sqlite_master WHERE type = 'trigger' AND name IN ${names}`;
  const [rows] = await house.db.sequelize.query(sql);
  return Number((rows as { guards: number }[])[0]?.guards) === 2;
}
