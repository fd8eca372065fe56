/** Reports of the weeks, months and quarters that have ended: the cases behind every figure are laid down once, as they stood at the end of the
 *  period, whenever this runs. */
import { Op, QueryTypes } from 'sequelize';
import { appendAudit } from '../audit/append-audit.ts';
import { computeLeague } from '../deadline/league.ts';
import type { Caller, House } from '../house.ts';
import { addDays, startOfShanghaiDate, toShanghaiDate } from '../kernel/clock.ts';
import { readRows } from '../store/bulk-read.ts';
import { instantText } from '../store/bulk-values.ts';
import { isDuplicate, withTransaction } from '../store/with-transaction.ts';
import { caseStatements } from './report-figures.ts';
import type { ReportColumns, ReportSpan } from './rows.ts';

const SPANS: readonly ReportSpan[] = ['week', 'month', 'quarter'];
/** Of one span in one run, after a long standstill. */
const MOST_REPORTS = 30;

/** How many were made. The first time only the newest of each span. */
export async function makeReports(house: House, caller: Caller, goOn: () => boolean = () => true): Promise<number> {
  let made = 0;
  for (const span of SPANS) {
    for (const fromOn of await findDue(house, span)) {
      if (!goOn()) return made;
      if (await makeReport(house, caller, span, fromOn)) made += 1;
    }
  }
  return made;
}

async function findDue(house: House, span: ReportSpan): Promise<string[]> {
  const [newest] = await readRows(house.db.rows.reports, { where: { span }, order: [['fromOn', 'DESC']], limit: 1 });
  const current = beginOf(span, toShanghaiDate(house.clock()));
  if (!newest) return [beginOf(span, addDays(current, -1))];
  const due: string[] = [];
  for (let from = nextOf(span, newest.fromOn); from < current && due.length < MOST_REPORTS; from = nextOf(span, from))
    due.push(from);
  return due;
}

/** The first day of the period in which a date lies. Weeks begin on Monday. */
function beginOf(span: ReportSpan, date: string): string {
  if (span === 'week') return addDays(date, -((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7));
  const month = Number(date.slice(5, 7));
  const first = span === 'month' ? month : month - ((month - 1) % 3);
  return `${date.slice(0, 4)}-${String(first).padStart(2, '0')}-01`;
}

const LONGEST = { week: 7, month: 31, quarter: 92 } as const;
const nextOf = (span: ReportSpan, from: string) => beginOf(span, addDays(from, LONGEST[span]));

/** False when another process was quicker. */
async function makeReport(house: House, caller: Caller, span: ReportSpan, fromOn: string): Promise<boolean> {
  const { db, clock } = house;
  const toOn = addDays(nextOf(span, fromOn), -1);
  const [from, to] = [startOfShanghaiDate(fromOn), startOfShanghaiDate(addDays(toOn, 1))];
  const league = await computeLeague(house, { from: fromOn, to: toOn }, to);
  const id = `${span}-${fromOn}`;
  const unwritten = { xlsxDigest: null, pdfDigest: null, pdfSigned: null };
  const report: ReportColumns = { id, span, fromOn, toOn, madeAt: clock(), league, ...unwritten };
  const text = (instant: Date) => instantText(instant, db.dialect);
  const replacements = { report: id, from: text(from), to: text(to) };
  try {
    await withTransaction(db, async (tx) => {
      await db.rows.reports.create(report, { transaction: tx });
      for (const sql of caseStatements(db.dialect))
        await db.sequelize.query(sql, { replacements, type: QueryTypes.RAW, transaction: tx });
      await appendAudit(house, tx, caller, { act: 'supervision.report', details: { reportId: id } });
    });
    return true;
  } catch (error) {
    if (isDuplicate(error)) return false;
    throw error;
  }
}

/** Reports whose files are still to be written, or whose PDF is still to be signed. */
export async function findUnwritten(house: House): Promise<ReportColumns[]> {
  return readRows(house.db.rows.reports, {
    where: { [Op.or]: [{ xlsxDigest: null }, { pdfDigest: null }, { pdfSigned: false }] },
    order: [['id', 'ASC']],
  });
}

/** By their digests; a file that is left out stays as it is. */
export async function keepReportFiles(
  house: House,
  id: string,
  {
    xlsx,
    pdf,
  }: { readonly xlsx?: Uint8Array; readonly pdf?: { readonly bytes: Uint8Array; readonly signed: boolean } },
): Promise<void> {
  const changes = {
    ...(xlsx ? { xlsxDigest: await house.blobs.put(xlsx) } : {}),
    ...(pdf ? { pdfDigest: await house.blobs.put(pdf.bytes), pdfSigned: pdf.signed } : {}),
  };
  await withTransaction(house.db, async (tx) => {
    await house.db.rows.reports.update(changes, { where: { id }, transaction: tx });
  });
}
