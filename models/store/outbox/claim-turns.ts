/** Take what is due from the outbox: the counter's first, then as it came; of each subject all that waits, so that several
 *  messages become one turn; of a subject that somebody else is at work on, nothing, however much of it waits. A handful of statements a claim. */
import { Op, QueryTypes } from 'sequelize';
import type { House } from '../../house.ts';
import { LANES } from '../../kernel/lane.ts';
import { isDeadOwner, processOwner } from '../../kernel/process-owner.ts';
import { readRows } from '../bulk-read.ts';
import { instantText } from '../bulk-values.ts';
import { updateRows } from '../bulk-write.ts';
import { type Tx, withTransaction } from '../with-transaction.ts';
import type { OutboxColumns } from './rows.ts';

/** Everything that waits of one subject, oldest first. */
export interface OutboxTurn {
  readonly subject: string;
  readonly items: readonly OutboxColumns[];
}

export interface Claim {
  /** Stands beside every message of the claim. */
  readonly owner: string;
  readonly turns: readonly OutboxTurn[];
  /** There was more of these subjects than one claim takes. */
  readonly cut: boolean;
  /** Something is due that somebody else is taking at this very moment: an empty claim does not say that all is done. */
  readonly contested: boolean;
}

const LEASE_MS = 60_000;
/** Host, process id and its start. */
const PROCESS_PARTS = 3;
/** Messages in one claim for each subject it may have; what is beyond waits for the next. */
const MOST_PER_TURN = 5;

/** @param most subjects */
export async function claimTurns(house: House, topic: string, most: number): Promise<Claim> {
  const owner = `${processOwner()}:${house.newId()}`;
  return withTransaction(house.db, async (tx) => {
    const now = house.clock();
    const subjects = await findDue(house, tx, topic, most, now);
    if (subjects.length === 0) return { owner, turns: [], cut: false, contested: false };
    const limit = most * MOST_PER_TURN;
    const items = await lockAll(house, tx, topic, subjects, limit, now);
    const free = await ofFreeSubjects(house, tx, topic, items, now);
    const lease = { lockedUntil: new Date(now.getTime() + LEASE_MS), owner };
    const { outbox } = house.db.rows;
    await updateRows(
      house.db,
      tx,
      outbox,
      'id',
      free.map(({ id }) => ({ id, ...lease })),
    );
    return { owner, turns: group(free), cut: items.length === limit, contested: free.length === 0 };
  });
}

/** The lease begins anew: the work is under way still. */
export async function renewClaim(house: House, { owner, turns }: Claim): Promise<void> {
  const ids = turns.flatMap(({ items }) => items.map(({ id }) => id));
  const lockedUntil = new Date(house.clock().getTime() + LEASE_MS);
  await withTransaction(house.db, (tx) =>
    house.db.rows.outbox.update({ lockedUntil }, { where: { id: { [Op.in]: ids }, owner }, transaction: tx }),
  );
}

/** What a process that ended was working on waits for nobody. */
export async function freeDeadLeases(house: House, topic: string): Promise<void> {
  const { outbox } = house.db.rows;
  const where = { topic, state: 'waiting' as const, lockedUntil: { [Op.gt]: house.clock() } };
  const held = await outbox.findAll({ where, attributes: ['owner'], group: ['owner'] });
  const dead = held.flatMap(({ owner }) => (owner && isDeadOwner(processOf(owner)) ? [owner] : []));
  if (dead.length === 0) return;
  await withTransaction(house.db, (tx) =>
    outbox.update({ lockedUntil: null, owner: null }, { where: { ...where, owner: dead }, transaction: tx }),
  );
}

/** A claim's owner is its process, and which claim. */
function processOf(owner: string): string {
  return owner.split(':').slice(0, PROCESS_PARTS).join(':');
}

/** Subjects of the messages that are due, lane by lane, without those that somebody is at work on: however much waits of these,
 *  what is behind is found. They are told by their oldest message, which every claim begins with. */
async function findDue(house: House, tx: Tx, topic: string, most: number, now: Date): Promise<string[]> {
  const { sequelize, dialect } = house.db;
  const mysql = dialect === 'mysql';
  const by = (index: string) => (mysql ? `FORCE INDEX (${index})` : '');
  const subjects = new Set<string>();
  for (const lane of LANES.keys()) {
    const limit = most - subjects.size;
    if (limit <= 0) break;
    // One look at one row for each: a subquery that a server may turn into a join would read all that waits.
    const found = await sequelize.query<{ subject: string }>(
      `SELECT subject FROM outbox AS due ${by('outbox_line')}
       WHERE topic = :topic AND state = 'waiting' AND lane = :lane AND run_at <= :now
         AND (locked_until IS NULL OR locked_until <= :now)
         AND COALESCE((SELECT CASE WHEN oldest.locked_until > :now THEN 1 ELSE 0 END
           FROM outbox AS oldest ${by('outbox_subject')}
           WHERE oldest.subject = due.subject AND oldest.topic = :topic AND oldest.state = 'waiting'
           ORDER BY oldest.id LIMIT 1), 0) = 0
       ORDER BY run_at, id LIMIT :limit ${mysql ? 'FOR UPDATE SKIP LOCKED' : ''}`,
      {
        replacements: { topic, lane, now: instantText(now, dialect), limit },
        type: QueryTypes.SELECT,
        transaction: tx,
      },
    );
    for (const { subject } of found) subjects.add(subject);
  }
  return [...subjects];
}

async function lockAll(
  house: House,
  tx: Tx,
  topic: string,
  subjects: readonly string[],
  limit: number,
  now: Date,
): Promise<OutboxColumns[]> {
  const lease = { [Op.or]: [{ lockedUntil: null }, { lockedUntil: { [Op.lte]: now } }] };
  const where = { [Op.and]: [{ subject: { [Op.in]: [...subjects] }, topic, state: 'waiting' as const }, lease] };
  const how = { order: [['id', 'ASC']] as [string, string][], by: 'outbox_subject', lock: true };
  return readRows(house.db.rows.outbox, { where, limit, tx, ...how });
}

/** Of each subject what comes before anything that somebody else holds or is taking at this moment: its messages leave in order.
 *  Nothing of a subject that somebody is at work on. */
async function ofFreeSubjects(
  house: House,
  tx: Tx,
  topic: string,
  items: readonly OutboxColumns[],
  now: Date,
): Promise<OutboxColumns[]> {
  if (items.length === 0) return [];
  const subjects = [...new Set(items.map(({ subject }) => subject))];
  const ids = items.map(({ id }) => id);
  const heads = await house.db.sequelize.query<{ subject: string; other: string | null; held: number }>(
    `SELECT subject, MIN(CASE WHEN id IN (:ids) THEN NULL ELSE id END) AS other,
       SUM(CASE WHEN locked_until > :now THEN 1 ELSE 0 END) AS held FROM outbox
     WHERE subject IN (:subjects) AND topic = :topic AND state = 'waiting' GROUP BY subject`,
    {
      replacements: { subjects, ids, topic, now: instantText(now, house.db.dialect) },
      type: QueryTypes.SELECT,
      transaction: tx,
    },
  );
  const others = new Map(heads.map(({ subject, other }) => [subject, other]));
  const idle = new Set(heads.flatMap(({ subject, held }) => (Number(held) === 0 ? [subject] : [])));
  return items.filter(({ id, subject }) => {
    const other = others.get(subject) ?? null;
    return idle.has(subject) && (other === null || id < other);
  });
}

function group(items: readonly OutboxColumns[]): OutboxTurn[] {
  const turns = new Map<string, OutboxColumns[]>();
  for (const item of items) {
    const turn = turns.get(item.subject) ?? [];
    turn.push(item);
    turns.set(item.subject, turn);
  }
  return [...turns].map(([subject, own]) => ({ subject, items: own }));
}
