/** Give committed changes their positions in the feed. Whoever reads the feed by “after the last position I saw” must never
 *  find that a change came to lie before it; so a position is not given when a change is written, but after it is committed,
 *  by one at a time (the row of the head is held), in short transactions. Writers never wait for this. */
import { QueryTypes, Transaction } from 'sequelize';
import type { House } from '../house.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';

const BATCH = 500;
const COLUMNS =
  'type, subject_id, identifier, sequence, act, status, commitment, issuing_body, catalogue_code, at_ms' as const;

/** Until nothing committed waits. Gives how many positions were given. Harmless to run anywhere, at any time, by any number. */
export async function givePositions(house: House): Promise<number> {
  let given = 0;
  while (await isWaiting(house)) {
    const moved = await withTransaction(house.db, (tx) => moveBatch(house, tx));
    given += moved;
    if (moved < BATCH) break;
  }
  return given;
}

async function isWaiting({ db }: House): Promise<boolean> {
  const rows = await db.sequelize.query('SELECT entry FROM change_intake LIMIT 1', { type: QueryTypes.SELECT });
  return rows.length > 0;
}

async function moveBatch({ db }: House, tx: Tx): Promise<number> {
  const { sequelize, dialect } = db;
  const head = await db.rows.changeHead.findByPk(1, { transaction: tx, lock: Transaction.LOCK.UPDATE });
  if (!head) throw new Error('the head of the change feed is missing');
  // A plain read sees committed rows only and waits for nobody. Changes of one licence are entered in their order, because
  // whoever makes the next one waits for the licence's row until the one before is committed.
  const found = await sequelize.query<{ entry: number }>(
    'SELECT entry FROM change_intake ORDER BY entry LIMIT :limit',
    { replacements: { limit: BATCH }, type: QueryTypes.SELECT, transaction: tx },
  );
  const entries = found.map(({ entry }) => Number(entry));
  if (entries.length === 0) return 0;
  const options = { replacements: { entries, last: head.position }, transaction: tx };
  await sequelize.query(
    `INSERT INTO change_feed (position, ${COLUMNS})
     SELECT :last + ROW_NUMBER() OVER (ORDER BY entry), ${COLUMNS} FROM change_intake WHERE entry IN (:entries)`,
    options,
  );
  await sequelize.query(dialect === 'mysql' ? deleteByKey(entries) : DELETE, options);
  await head.update({ position: head.position + entries.length }, { transaction: tx });
  return entries.length;
}

const DELETE = 'DELETE FROM change_intake WHERE entry IN (:entries)';

/** Each row looked up by its key: a scan, which a short table invites to, would wait at rows that are not committed yet. */
function deleteByKey(entries: readonly number[]): string {
  const given = entries.map((entry) => `SELECT ${entry} AS entry`).join(' UNION ALL ');
  return `DELETE kept FROM (${given}) AS given STRAIGHT_JOIN change_intake AS kept ON kept.entry = given.entry`;
}
