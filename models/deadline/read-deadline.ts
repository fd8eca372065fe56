/** One clock as it stands: the case behind a figure of supervision. */
import { requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { readRows } from '../store/bulk-read.ts';
import { findClocks } from './find-clocks.ts';
import { type DeadlineItem, describeClocks } from './list-deadlines.ts';
import type { DeadlineColumns } from './rows.ts';

/** running: it has time; overdue: it ran out, or was stopped too late; met: it was stopped in time; withdrawn: its notice was taken back. */
export const CLOCK_STANDS = ['running', 'overdue', 'met', 'withdrawn'] as const;

export interface ClockView extends Omit<DeadlineItem, 'stage'> {
  readonly stage: (typeof CLOCK_STANDS)[number];
}

/** For the bureau and the body whose it is. Throws `NOT_FOUND`, also for another body's. */
export async function readDeadline(house: House, caller: Caller, id: string): Promise<ClockView> {
  requireRole(caller, 'bureau.officer', 'bureau.supervisor', 'issuer.clerk', 'issuer.reviewer');
  const isOfBureau = caller.roles.some((role) => role.startsWith('bureau.'));
  const own = isOfBureau ? {} : { organisationCode: caller.organisationCode ?? '' };
  const [row] = await readRows(house.db.rows.deadlines, { where: { id, ...own } });
  await logAccess(house, caller, {
    ...{ act: 'deadline.list', outcome: row ? 'done' : 'refused', details: { deadlineId: id.slice(0, 40) } },
  });
  if (!row) throw new Fault('NOT_FOUND');
  const now = house.clock();
  const clock = (await findClocks(house, [row.subjectId])).get(row.subjectId);
  const { dueAt, provisional } = clock ?? { dueAt: row.dueAt, provisional: false };
  const [item] = await describeClocks(house, 'overdue', now, [{ ...row, dueAt, provisional }]);
  if (!item) throw new Fault('NOT_FOUND');
  const stage = standOf(row, dueAt, now);
  return { ...item, stage, ...(stage === 'withdrawn' ? { lateMinutes: 0 } : {}) };
}

function standOf({ withdrawnAt, metAt, late }: DeadlineColumns, dueAt: Date, now: Date): ClockView['stage'] {
  if (withdrawnAt !== null) return 'withdrawn';
  if (late ?? now > dueAt) return 'overdue';
  return metAt === null ? 'running' : 'met';
}
