/** Cases that were closed and whose clocks run, as rows written straight into a MariaDB database. */
import { QueryTypes } from 'sequelize';
import { dueTimeId, findDueTimes } from '../../models/calendar/index.ts';
import type { House } from '../../models/house.ts';
import { addDays, startOfShanghaiDate } from '../../models/kernel/clock.ts';
import { instantText } from '../../models/store/bulk-values.ts';
import { withTransaction } from '../../models/store/with-transaction.ts';

export interface ClockGroup {
  /** YYYY-MM-DD in Asia/Shanghai. */
  readonly startedOn: string;
  readonly workingDays: 1 | 3;
}

const BODIES = 40;
const PORTION = 50_000;
const DIGITS =
  '(SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4 UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8 UNION ALL SELECT 9)';
/** 0 to 99,999. */
const NUMBERS = `(SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n
  FROM ${DIGITS} a, ${DIGITS} b, ${DIGITS} c, ${DIGITS} e, ${DIGITS} f) numbers`;

/** Clocks of 40 departments, spread evenly over the groups. @param name of this load: part of every id */
export async function loadClocks(
  house: House,
  name: string,
  count: number,
  groups: readonly ClockGroup[],
): Promise<void> {
  const spans = groups.map(({ startedOn, workingDays }) => ({
    startedAt: startOfShanghaiDate(startedOn),
    workingDays,
  }));
  await withTransaction(house.db, (tx) => findDueTimes(house, tx, spans));
  for (const [index, { startedAt, workingDays }] of spans.entries()) {
    const wanted = Math.floor(count / groups.length) + (index < count % groups.length ? 1 : 0);
    for (let from = 0; from < wanted; from += PORTION) {
      const replacements = {
        prefix: `${name}-${index}-`,
        ...{ from, upTo: Math.min(PORTION, wanted - from), startedAt: instantText(startedAt, 'mysql') },
        ...{ workingDays, dueTime: dueTimeId({ startedAt, workingDays }) },
        ...{ kind: workingDays === 1 ? 'offline-push' : 'batch-push', mode: workingDays === 1 ? 'offline' : 'batch' },
      };
      await withTransaction(house.db, async (tx) => {
        const options = { replacements, transaction: tx, type: QueryTypes.RAW } as const;
        await house.db.sequelize.query(CASES, options);
        await house.db.sequelize.query(CLOCKS, options);
      });
    }
  }
}

const ID = "CONCAT(:prefix, LPAD(:from + n, 8, '0'))";
const BODY = `CONCAT('1141990000000', LPAD(n % ${BODIES}, 4, '0'), 'X')`;

const CASES = `INSERT INTO cases (id, case_number, issuing_body, catalogue_code, mode, offline_reason, closed_at, noticed_at, source)
  SELECT CONCAT('C', ${ID}), CONCAT('AJ', ${ID}), ${BODY}, CONCAT(${BODY}, '001'), :mode, '现场无网络', :startedAt, :startedAt, 'api'
  FROM ${NUMBERS} WHERE n < :upTo`;

const CLOCKS = `INSERT INTO deadlines (id, kind, subject_id, organisation_code, started_at, opened_at, working_days, due_at, due_time)
  SELECT CONCAT('D', ${ID}), :kind, CONCAT('C', ${ID}), ${BODY}, :startedAt, :startedAt, :workingDays, due_times.due_at, :dueTime
  FROM ${NUMBERS} JOIN due_times ON due_times.id = :dueTime WHERE n < :upTo`;

/** Due times of the days before, as years of use leave them, all gone through. */
export async function loadOldDueTimes(house: House, from: string, days: number): Promise<void> {
  const spans = Array.from({ length: days }, (_, day) => startOfShanghaiDate(addDays(from, day))).flatMap((startedAt) =>
    [1, 3, 5].map((workingDays) => ({ startedAt, workingDays })),
  );
  await withTransaction(house.db, (tx) => findDueTimes(house, tx, spans));
  const now = instantText(house.clock(), 'mysql');
  const sql = 'UPDATE due_times SET warned_at = warn_at, passed_at = due_at WHERE due_at < :now';
  await house.db.sequelize.query(sql, { replacements: { now }, type: QueryTypes.RAW });
}
