/** How the lines stand, for those who watch. */
import { QueryTypes } from 'sequelize';
import type { Lane } from '../../kernel/lane.ts';
import { instantText, readInstant } from '../bulk-values.ts';
import type { Database } from '../database.ts';
import type { Line } from './line.ts';

export interface LineCounts extends Line {
  /** Due, and nobody has it yet. */
  readonly waiting: number;
  readonly running: number;
  /** Not due yet. */
  readonly delayed: number;
  /** Given up. */
  readonly failed: number;
  /** How long the oldest that waits has been due; 0 when none waits. */
  readonly oldestSeconds: number;
}

export async function countJobs(db: Database, now: Date): Promise<LineCounts[]> {
  const at = instantText(now, db.dialect);
  const rows = await db.sequelize.query<Record<string, unknown>>(
    `SELECT topic, lane, state, run_at <= ? AS due, COUNT(*) AS jobs, MIN(due_at) AS oldest
     FROM queue_jobs GROUP BY topic, lane, state, run_at <= ? ORDER BY topic, lane`,
    { type: QueryTypes.SELECT, replacements: [at, at] },
  );
  const lines = new Map<string, { -readonly [name in keyof LineCounts]: LineCounts[name] }>();
  for (const { topic, lane, state, due, jobs, oldest } of rows) {
    const key = `${topic} ${lane}`;
    const none = { waiting: 0, running: 0, delayed: 0, failed: 0, oldestSeconds: 0 };
    const line = lines.get(key) ?? { topic: String(topic), lane: lane as Lane, ...none };
    lines.set(key, line);
    if (state === 'running') line.running += Number(jobs);
    else if (state === 'failed') line.failed += Number(jobs);
    else if (!Number(due)) line.delayed += Number(jobs);
    else {
      line.waiting += Number(jobs);
      line.oldestSeconds = Math.max(0, (now.getTime() - readInstant(oldest).getTime()) / 1000);
    }
  }
  return [...lines.values()];
}
