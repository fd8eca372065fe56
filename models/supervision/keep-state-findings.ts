/** What is wrong as long as it lasts: found once, closed by itself when its cause is gone, and a new finding when it comes back. */
import { QueryTypes } from 'sequelize';
import { loadCalendar } from '../calendar/load-calendar.ts';
import { addWorkingDays, type WorkingCalendar } from '../calendar/working-days.ts';
import type { House } from '../house.ts';
import { addDays, endOfShanghaiDate, startOfShanghaiDate, toShanghaiDate } from '../kernel/clock.ts';
import { instantText, readInstant } from '../store/bulk-values.ts';
import { insertMissing, updateRows } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { FINDING_KINDS } from './finding-words.ts';
import { PORTION } from './keep-clock-findings.ts';
import type { FindingColumns } from './rows.ts';
import { GRACE_WORKING_DAYS, type WrongNow } from './wrong-now.ts';

interface Moment {
  readonly now: Date;
  readonly calendar: WorkingCalendar;
  readonly replacements: Readonly<Record<'today' | 'now' | 'cutoff', string>>;
}

/** Of one kind; how many were found or closed. */
export async function keepStateFindings(house: House, wrong: WrongNow, goOn: () => boolean): Promise<number> {
  const moment = await readMoment(house);
  let kept = 0;
  for (const act of [closeMended, findWrong]) {
    for (let more = true; more && goOn(); ) {
      const count = await withTransaction(house.db, (tx) => act(house, tx, wrong, moment));
      kept += count;
      more = count === PORTION;
    }
  }
  return kept;
}

async function readMoment(house: House): Promise<Moment> {
  const now = house.clock();
  const calendar = await loadCalendar(house);
  let day = toShanghaiDate(now);
  while (addWorkingDays(calendar, startOfShanghaiDate(day), GRACE_WORKING_DAYS).dueAt > now) day = addDays(day, -1);
  const text = (instant: Date) => instantText(instant, house.db.dialect);
  const replacements = { today: toShanghaiDate(now), now: text(now), cutoff: text(endOfShanghaiDate(day)) };
  return { now, calendar, replacements };
}

interface Wrong {
  readonly subjectId: string;
  readonly organisationCode: string;
  readonly subject: string;
  readonly catalogueCode: string | null;
  readonly cause: unknown;
}

async function findWrong(house: House, tx: Tx, { kind, sql, since }: WrongNow, moment: Moment): Promise<number> {
  const key = house.db.dialect === 'mysql' ? `CONCAT('${kind}:', subjectId)` : `'${kind}:' || subjectId`;
  const rows = await house.db.sequelize.query<Wrong>(
    `SELECT wrong.* FROM (${sql}) wrong LEFT JOIN supervision_findings ON once_key = ${key}
     WHERE supervision_findings.id IS NULL ORDER BY subjectId LIMIT ${PORTION}`,
    { replacements: moment.replacements, type: QueryTypes.SELECT, transaction: tx },
  );
  const findings = rows.map((row): FindingColumns => {
    const from = sinceOf(row, since, moment);
    return {
      ...{ id: house.newId(), onceKey: `${kind}:${row.subjectId}`, kind, organisationCode: row.organisationCode },
      ...{ subjectId: row.subjectId, subject: row.subject.slice(0, 190), catalogueCode: row.catalogueCode },
      ...{ article: FINDING_KINDS[kind].article ?? '', clock: false, since: from, knownAt: from },
      ...{ closedAt: null, endedBy: null, orderId: null },
    };
  });
  await insertMissing(house.db, tx, house.db.rows.findings, 'id', findings);
  return rows.length;
}

function sinceOf({ cause }: Wrong, since: WrongNow['since'], { now, calendar }: Moment): Date {
  if (since === 'found') return now;
  if (since === 'day-after') return endOfShanghaiDate(String(cause));
  return addWorkingDays(calendar, readInstant(cause), GRACE_WORKING_DAYS).dueAt;
}

async function closeMended(house: House, tx: Tx, { kind, sql, watched }: WrongNow, moment: Moment): Promise<number> {
  const there = watched
    ? `CASE WHEN supervision_findings.subject_id IN (SELECT subjectId FROM (${watched}) watched) THEN 1 ELSE 0 END`
    : '1';
  const rows = await house.db.sequelize.query<{ readonly id: string; readonly there: unknown }>(
    `SELECT supervision_findings.id, ${there} AS there FROM supervision_findings
     LEFT JOIN (${sql}) wrong ON wrong.subjectId = supervision_findings.subject_id
     WHERE supervision_findings.kind = '${kind}' AND supervision_findings.closed_at IS NULL AND wrong.subjectId IS NULL
     ORDER BY supervision_findings.id LIMIT ${PORTION}`,
    // What is refused once more has not been mended: to stay it needs no grace.
    {
      replacements: { ...moment.replacements, cutoff: moment.replacements.now },
      type: QueryTypes.SELECT,
      transaction: tx,
    },
  );
  const closed = rows.map(({ id, there: isThere }) => {
    const endedBy = Number(isThere) === 1 ? ('mended' as const) : ('ceased' as const);
    return { id, onceKey: null, closedAt: moment.now, endedBy };
  });
  await updateRows(house.db, tx, house.db.rows.findings, 'id', closed);
  return rows.length;
}
