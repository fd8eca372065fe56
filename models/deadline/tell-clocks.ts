/** The minutely pass of the law's clocks: who has one that runs out is told, who has one that ran out too, and then the
 *  bureau. It goes by due times, of which there are few, and never by what is open. */
import { Op, QueryTypes } from 'sequelize';
import type { House } from '../house.ts';
import { type Notice, tellRecipients } from '../notice/index.ts';
import { readRows } from '../store/bulk-read.ts';
import { readInstant } from '../store/bulk-values.ts';
import { insertMissing } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { ARTICLES } from './articles.ts';
import { nameSubjects } from './name-subjects.ts';
import type { ClockNoticeColumns, DeadlineColumns } from './rows.ts';

type Stage = ClockNoticeColumns['stage'];

export interface ToldClocks {
  readonly warned: number;
  readonly overdue: number;
}

/** Clocks in one transaction, and portions in one run; the next run goes on. */
const PORTION = 500;
const MOST_PORTIONS = 60;

/** Each stage of each clock is told once, whenever this runs. */
export async function tellClocks(house: House): Promise<ToldClocks> {
  const told = { warned: 0, overdue: 0 };
  let left = MOST_PORTIONS;
  for (const stage of ['warned', 'overdue'] as const) {
    for (const dueTime of await findTimes(house, stage)) {
      for (let after = ''; left > 0; left -= 1) {
        const portion = await withTransaction(house.db, (tx) => tellPortion(house, tx, stage, dueTime, after));
        told[stage] += portion.told;
        if (portion.next === null) break;
        after = portion.next;
      }
    }
  }
  return told;
}

const toDo = (stage: Stage, now: Date) =>
  stage === 'warned' ? { warnedAt: null, warnAt: { [Op.lte]: now } } : { passedAt: null, dueAt: { [Op.lt]: now } };

async function findTimes(house: House, stage: Stage): Promise<string[]> {
  const where = toDo(stage, house.clock());
  const rows = await readRows(house.db.rows.dueTimes, { where, order: [['id', 'ASC']], attributes: ['id'] });
  return rows.map(({ id }) => id);
}

/** @returns where to go on; null when the time is done. After the last portion it is gone through from the beginning once more, for
 *  what was opened behind. */
async function tellPortion(
  house: House,
  tx: Tx,
  stage: Stage,
  dueTime: string,
  after: string,
): Promise<{ readonly told: number; readonly next: string | null }> {
  const { dueTimes } = house.db.rows;
  const now = house.clock();
  const where = { id: dueTime };
  const [time] = await readRows(dueTimes, { where: { ...where, ...toDo(stage, now) }, tx, lock: true, by: 'PRIMARY' });
  if (!time) return { told: 0, next: null };
  const clocks = await findUntold(house, tx, stage, { dueTime, after });
  await tell(house, tx, stage, clocks);
  const last = clocks.length === PORTION ? clocks.at(-1) : undefined;
  if (last || after !== '') return { told: clocks.length, next: last?.id ?? '' };
  await dueTimes.update(stage === 'warned' ? { warnedAt: now } : { passedAt: now }, { where, transaction: tx });
  return { told: clocks.length, next: null };
}

type Untold = Pick<DeadlineColumns, 'id' | 'kind' | 'subjectId' | 'organisationCode' | 'dueAt' | 'metAt'>;

/** The same ones whenever it is asked: warned is every clock that ran in the time of warning, overdue every one that was stopped too
 *  late or runs still. So nobody is left out who was late while the pass did not run. */
const CONCERNED: Readonly<Record<Stage, string>> = {
  warned: `deadlines.opened_at < due_times.due_at
    AND (met_at IS NULL OR (met_at > due_times.warn_at AND met_at > deadlines.opened_at))`,
  overdue: '(met_at IS NULL OR late = 1)',
};

async function findUntold(
  house: House,
  tx: Tx,
  stage: Stage,
  { dueTime, after }: { readonly dueTime: string; readonly after: string },
): Promise<Untold[]> {
  const rows = await house.db.sequelize.query<Untold & Readonly<Record<'dueAt', unknown>>>(
    `SELECT deadlines.id, kind, subject_id AS subjectId, organisation_code AS organisationCode, met_at AS metAt,
       CASE WHEN met_at IS NULL THEN due_times.due_at ELSE deadlines.due_at END AS dueAt
     FROM deadlines JOIN due_times ON due_times.id = deadlines.due_time
     LEFT JOIN clock_notices ON clock_notices.deadline_id = deadlines.id AND clock_notices.stage = :stage
     WHERE deadlines.due_time = :dueTime AND deadlines.id > :after AND clock_notices.id IS NULL AND ${CONCERNED[stage]}
     ORDER BY deadlines.id LIMIT ${PORTION}`,
    { replacements: { stage, dueTime, after }, type: QueryTypes.SELECT, transaction: tx },
  );
  return rows.map((row) => ({ ...row, dueAt: readInstant(row.dueAt) }));
}

async function tell(house: House, tx: Tx, stage: Stage, clocks: readonly Untold[]): Promise<void> {
  if (clocks.length === 0) return;
  const at = house.clock();
  const rows = clocks.map(({ id }) => ({ id: house.newId(), deadlineId: id, stage, at }));
  await insertMissing(house.db, tx, house.db.rows.clockNotices, 'id', rows);
  // Nobody is pressed to do what is done.
  const concerned = clocks.filter(({ metAt }) => stage === 'overdue' || metAt === null);
  const ids = concerned.map(({ subjectId }) => subjectId);
  const names = await nameSubjects(house, ids, tx);
  const notices = concerned.flatMap((clock): Notice[] => {
    const subject = names.get(clock.subjectId)?.subject ?? clock.subjectId;
    const { id: subjectId, kind: clockKind, organisationCode } = clock;
    const facts = { clock: clockKind, subject, organisationCode, ...dueFacts(clock) };
    const notice = { kind: `clock.${stage}` as const, subjectId, stage, facts };
    const own: Notice = { to: `body:${organisationCode}`, ...notice };
    const forBureau = stage === 'overdue' && !ESCALATED.has(clockKind);
    return forBureau ? [own, { to: 'bureau', ...notice }] : [own];
  });
  await tellRecipients(house, tx, notices);
}

/** Those of objections come before the bureau by their escalation. */
const ESCALATED: ReadonlySet<DeadlineColumns['kind']> = new Set(['objection', 'correction']);

const dueFacts = ({ kind, dueAt }: Untold) => ({ dueAt: dueAt.toISOString(), article: ARTICLES[kind] });
