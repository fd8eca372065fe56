/** What ran out, of every clock exactly one finding: while it runs, and when it was stopped too late. It goes by what was, not by when it
 *  is looked: after days without the job the findings are the same. */
import { Op, QueryTypes } from 'sequelize';
import { ARTICLES } from '../deadline/articles.ts';
import { nameSubjects } from '../deadline/name-subjects.ts';
import type { DeadlineColumns } from '../deadline/rows.ts';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { instantText, readInstant } from '../store/bulk-values.ts';
import { insertMissing, updateRows } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { CLOCK_FINDINGS } from './finding-words.ts';
import type { FindingColumns } from './rows.ts';

export const PORTION = 500;

/** How many were found, closed or moved. */
export async function keepClockFindings(house: House, goOn: () => boolean): Promise<number> {
  let kept = 0;
  for (const act of [findLate, followLate]) {
    for (let more = true; more && goOn(); ) {
      const count = await withTransaction(house.db, (tx) => act(house, tx));
      kept += count;
      more = count === PORTION;
    }
  }
  return kept;
}

type Late = Pick<DeadlineColumns, 'id' | 'subjectId' | 'organisationCode' | 'openedAt' | 'dueAt' | 'metAt'> & {
  readonly kind: keyof typeof CLOCK_FINDINGS;
};

/** Those that run (`late` is null) and those that were stopped too late; by the mark of those that have their finding no others are looked at. */
const LATE = [
  `SELECT deadlines.id AS id FROM due_times JOIN deadlines ON deadlines.due_time = due_times.id AND deadlines.late IS NULL
   WHERE due_times.due_at < :now`,
  'SELECT deadlines.id AS id FROM deadlines WHERE late = 1',
];

const DUE_AT = 'CASE WHEN met_at IS NULL THEN due_times.due_at ELSE deadlines.due_at END';
const KINDS = Object.keys(CLOCK_FINDINGS);
const CLOCK_KINDS = [...new Set(Object.values(CLOCK_FINDINGS))];

type Followed = Readonly<Record<'id' | 'onceKey' | 'clockId', string>> &
  Readonly<Record<'metAt' | 'dueAt' | 'late' | 'openedAt', unknown>>;

async function findLate(house: House, tx: Tx): Promise<number> {
  const ids: string[] = [];
  for (const sql of LATE) {
    const limit = PORTION - ids.length;
    if (limit === 0) break;
    const rows = await house.db.sequelize.query<{ readonly id: string }>(
      `${sql} AND kind IN (:kinds) AND found = 0 ORDER BY deadlines.id LIMIT :limit`,
      {
        replacements: { now: instantText(house.clock(), house.db.dialect), kinds: KINDS, limit },
        ...{ type: QueryTypes.SELECT, transaction: tx },
      },
    );
    ids.push(...rows.map(({ id }) => id));
  }
  await findLateOf(house, tx, ids);
  return ids.length;
}

/** Those of these clocks that are late and have no finding yet. They are held first, and asked again: meanwhile a licence may have come, or
 *  was returned. */
export async function findLateOf(house: House, tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return;
  const { sequelize, dialect, rows: tables } = house.db;
  await holdClocks(house, tx, ids);
  const rows = await sequelize.query<Late & Readonly<Record<'openedAt' | 'dueAt' | 'metAt', unknown>>>(
    `SELECT deadlines.id, kind, subject_id AS subjectId, organisation_code AS organisationCode, opened_at AS openedAt,
       ${DUE_AT} AS dueAt, met_at AS metAt
     FROM deadlines JOIN due_times ON due_times.id = deadlines.due_time
     WHERE deadlines.id IN (:ids) AND kind IN (:kinds) AND found = 0
       AND (late = 1 OR (late IS NULL AND due_times.due_at < :now)) ORDER BY deadlines.id`,
    {
      replacements: { now: instantText(house.clock(), dialect), kinds: KINDS, ids: [...ids] },
      ...{ type: QueryTypes.SELECT, transaction: tx },
    },
  );
  const found = rows.map((row) => ({
    ...{ ...row, openedAt: readInstant(row.openedAt), dueAt: readInstant(row.dueAt) },
    metAt: row.metAt === null ? null : readInstant(row.metAt),
  }));
  const names = await nameSubjects(
    house,
    found.map(({ subjectId }) => subjectId),
    tx,
  );
  const findings = found.map((clock) => compose(house, clock, names.get(clock.subjectId)));
  await insertMissing(house.db, tx, tables.findings, 'id', findings);
  await markFound(
    house,
    tx,
    found.map(({ id }) => id),
    true,
  );
}

async function holdClocks(house: House, tx: Tx, ids: readonly string[]): Promise<void> {
  const where = { id: { [Op.in]: [...ids] } };
  await readRows(house.db.rows.deadlines, {
    ...{ where, attributes: ['id'], order: [['id', 'ASC']], tx, lock: true, by: 'PRIMARY' },
  });
}

/** A mark of the clocks that only this room reads; one that is unmarked may be found anew. */
async function markFound(house: House, tx: Tx, ids: readonly string[], isFound: boolean): Promise<void> {
  if (ids.length === 0) return;
  await house.db.sequelize.query('UPDATE deadlines SET found = :found WHERE id IN (:ids)', {
    replacements: { found: isFound ? 1 : 0, ids: [...ids] },
    ...{ type: QueryTypes.RAW, transaction: tx },
  });
}

function compose(
  house: House,
  { id, kind, subjectId, organisationCode, openedAt, dueAt, metAt }: Late,
  name: { readonly subject: string; readonly catalogueCode: string | null } | undefined,
): FindingColumns {
  return {
    ...{ id: house.newId(), onceKey: id, kind: CLOCK_FINDINGS[kind], organisationCode, subjectId: id },
    ...{ subject: name?.subject ?? subjectId, catalogueCode: name?.catalogueCode ?? null },
    ...{ article: ARTICLES[kind], clock: true, since: dueAt, knownAt: laterOf(openedAt, dueAt) },
    ...{ closedAt: metAt, endedBy: metAt === null ? null : 'met', orderId: null },
  };
}

const laterOf = (a: Date, b: Date) => (a > b ? a : b);

/** @param among only of these; all others are left */
function findMoved(house: House, tx: Tx, among?: readonly Followed[]): Promise<Followed[]> {
  const ids = (among ?? []).map(({ id }) => id);
  return house.db.sequelize.query<Followed>(
    `SELECT supervision_findings.id, once_key AS onceKey, met_at AS metAt, late, opened_at AS openedAt,
       deadlines.id AS clockId, ${DUE_AT} AS dueAt
     FROM supervision_findings JOIN deadlines ON deadlines.id = supervision_findings.subject_id
       JOIN due_times ON due_times.id = deadlines.due_time
     WHERE supervision_findings.kind IN (:kinds) AND supervision_findings.closed_at IS NULL
       AND (met_at IS NOT NULL OR due_times.due_at <> supervision_findings.since)
       ${among ? 'AND supervision_findings.id IN (:ids)' : ''}
     ORDER BY supervision_findings.id LIMIT ${PORTION}`,
    { replacements: { kinds: CLOCK_KINDS, ids }, type: QueryTypes.SELECT, transaction: tx },
  );
}

/** Those whose clock was stopped since, or is due at another time by a calendar that has changed: what is not late any more was never
 *  a breach, and may become one again. */
async function followLate(house: House, tx: Tx): Promise<number> {
  const { rows: tables } = house.db;
  const seen = await findMoved(house, tx);
  await holdClocks(
    house,
    tx,
    seen.map(({ clockId }) => clockId),
  );
  const rows = seen.length === 0 ? [] : await findMoved(house, tx, seen);
  const now = house.clock();
  const changes = rows.map(({ id, onceKey, metAt, dueAt, late, openedAt }): Partial<FindingColumns> => {
    const [met, since] = [metAt === null ? null : readInstant(metAt), readInstant(dueAt)];
    const breached = met === null ? since < now : Boolean(late);
    const times = { since, knownAt: laterOf(readInstant(openedAt), since) };
    if (!breached) return { id, onceKey: null, ...times, closedAt: now, endedBy: 'withdrawn' };
    return { id, onceKey, ...times, closedAt: met, endedBy: met === null ? null : 'met' };
  });
  await updateRows(house.db, tx, tables.findings, 'id', changes);
  const withdrawn = new Set(changes.flatMap(({ id, onceKey }) => (onceKey === null && id ? [id] : [])));
  await markFound(
    house,
    tx,
    rows.flatMap(({ id, onceKey }) => (withdrawn.has(id) ? [onceKey] : [])),
    false,
  );
  return seen.length;
}
