/** Start and end the law's clocks. */
import type { House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';
import { loadCalendar } from './calendar.ts';
import type { DeadlineColumns } from './rows.ts';
import { addWorkingDays } from './working-days.ts';

/** Working days allowed: M-11 sentence 2 and 3, M-20. */
export const WORKING_DAYS = { 'offline-push': 1, 'batch-push': 3, objection: 5 } as const;
export type DeadlineKind = keyof typeof WORKING_DAYS;

export async function openDeadline(
  house: House,
  tx: Tx,
  facts: {
    readonly kind: DeadlineKind;
    readonly subjectId: string;
    readonly organisationCode: string;
    readonly startedAt: Date;
  },
): Promise<DeadlineColumns> {
  const workingDays = WORKING_DAYS[facts.kind];
  const due = addWorkingDays(await loadCalendar(house, tx), facts.startedAt, workingDays);
  const row: DeadlineColumns = {
    ...facts,
    id: house.newId(),
    workingDays,
    dueAt: due.dueAt,
    skipped: due.skipped,
    provisional: due.provisional,
    metAt: null,
  };
  await house.db.rows.deadlines.create(row, { transaction: tx });
  return row;
}

export async function meetDeadline(house: House, tx: Tx, subjectId: string, at: Date): Promise<void> {
  await house.db.rows.deadlines.update({ metAt: at }, { where: { subjectId, metAt: null }, transaction: tx });
}
