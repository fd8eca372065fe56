/** Take jobs that are due, each with a lease, and never one that another holds. */
import { Op, QueryTypes } from 'sequelize';
import { instantText } from '../bulk-values.ts';
import type { Database } from '../database.ts';
import { withTransaction } from '../with-transaction.ts';
import type { Claim, Line } from './line.ts';
import type { QueueJobColumns } from './rows.ts';

export interface ClaimedJob extends Claim, Line {
  readonly key: string;
  readonly data: unknown;
  readonly attempts: number;
  readonly mostAttempts: number;
}

export interface ClaimOptions {
  readonly most: number;
  readonly owner: string;
  readonly now: Date;
  readonly lockedUntil: Date;
}

/** The oldest due of a line, at most so many. */
export async function claimJobs(db: Database, line: Line, options: ClaimOptions): Promise<ClaimedJob[]> {
  const { most, owner, now, lockedUntil } = options;
  const { queueJobs } = db.rows;
  return withTransaction(db, async (tx) => {
    const due = await queueJobs.findAll({
      where: { topic: line.topic, lane: line.lane, state: 'waiting', runAt: { [Op.lte]: now } },
      order: [
        ['runAt', 'ASC'],
        ['id', 'ASC'],
      ],
      limit: most,
      transaction: tx,
      lock: true,
    });
    if (due.length === 0) return [];
    const where = { id: { [Op.in]: due.map(({ id }) => id) } };
    await queueJobs.update({ state: 'running', owner, lockedUntil }, { where, transaction: tx });
    return due.map((row) => toClaimed(row.get(), owner));
  });
}

function toClaimed(row: QueueJobColumns, owner: string): ClaimedJob {
  const { id, topic, lane, jobKey: key, data, attempts, mostAttempts } = row;
  return { id, owner, topic, lane, key, data, attempts, mostAttempts };
}

/** Which of the lines have something due: one statement, an index look-up a line, whatever waits there. */
export async function findDueLines(db: Database, lines: readonly Line[], now: Date): Promise<Line[]> {
  if (lines.length === 0) return [];
  const looks = lines.map(
    (_, index) =>
      `(SELECT 1 FROM queue_jobs WHERE topic = ? AND lane = ? AND state = 'waiting' AND run_at <= ? LIMIT 1) AS line${index}`,
  );
  const [found] = await db.sequelize.query<Record<string, unknown>>(`SELECT ${looks.join(', ')}`, {
    type: QueryTypes.SELECT,
    replacements: lines.flatMap(({ topic, lane }) => [topic, lane, instantText(now, db.dialect)]),
  });
  return lines.filter((_, index) => found?.[`line${index}`]);
}
