/** The figures of a periodic report, each with the statement that lays down its cases. A figure is the number of its cases, and nothing
 *  else: it is never counted another way. */
import { minutesBetween } from '../deadline/minutes-between.ts';
import { FINDING_KINDS, type FindingKind } from './finding-words.ts';

type Dialect = 'sqlite' | 'mysql';

const join = (dialect: Dialect, ...parts: string[]) =>
  dialect === 'mysql' ? `CONCAT(${parts.join(', ')})` : parts.join(' || ');

const INTO = `INSERT INTO supervision_report_cases
  (id, report_id, figure, organisation_code, case_id, subject, article, since, late_minutes, link)`;

/** Findings that lasted or became known in the period; `.open` at its end, or `.ended` before. Given are :report, :from and :to. */
function findingCases(dialect: Dialect): string {
  const end = 'CASE WHEN closed_at IS NULL OR closed_at >= :to THEN :to ELSE closed_at END';
  return `${INTO}
    SELECT ${join(dialect, ':report', "':'", 'id')}, :report,
      ${join(dialect, 'kind', "CASE WHEN closed_at IS NULL OR closed_at >= :to THEN '.open' ELSE '.ended' END")},
      organisation_code, id, subject, article, since,
      CASE WHEN clock = 1 THEN ${minutesBetween(dialect, 'since', end)} END,
      ${join(dialect, "'/api/v1/supervision/findings/'", 'id')}
    FROM supervision_findings
    WHERE known_at < :to AND (closed_at IS NULL OR closed_at >= :from OR known_at >= :from)
      AND (ended_by IS NULL OR ended_by <> 'withdrawn')`;
}

/** What happened in the period: figure, table, its instant, and the rest of the condition. */
const EVENTS = {
  'objections.filed': ['objections', 'filed_at', ''],
  'objections.answered': ['objections', 'answered_at', ''],
  'objections.upheld': ['objections', 'answered_at', 'AND correction_id IS NOT NULL'],
  'orders.issued': ['rectification_orders', 'issued_at', ''],
  'orders.closed': ['rectification_orders', 'ended_at', "AND state = 'closed'"],
  'circulars.published': ['criticism_circulars', 'published_at', ''],
  'referrals.made': ['liability_referrals', 'referred_at', ''],
} as const;
type EventFigure = keyof typeof EVENTS;

function eventCases(dialect: Dialect, figure: EventFigure): string {
  const [table, at, more] = EVENTS[figure];
  const isObjection = table === 'objections';
  const body =
    table === 'liability_referrals'
      ? '(SELECT organisation_code FROM rectification_orders WHERE rectification_orders.id = liability_referrals.id)'
      : isObjection
        ? 'issuing_body'
        : 'organisation_code';
  const link = isObjection
    ? join(dialect, "'/api/v1/objections/'", 'number')
    : join(dialect, "'/api/v1/supervision/orders/'", 'id');
  return `${INTO}
    SELECT ${join(dialect, ':report', `':${figure}:'`, 'id')}, :report, '${figure}', ${body}, id, number, NULL, ${at},
      ${isObjection ? 'late_minutes' : 'NULL'}, ${link}
    FROM ${table} WHERE ${at} >= :from AND ${at} < :to ${more}`;
}

export function caseStatements(dialect: Dialect): readonly string[] {
  const figures = Object.keys(EVENTS) as EventFigure[];
  return [findingCases(dialect), ...figures.map((figure) => eventCases(dialect, figure))];
}

const FIGURE_WORDS: Readonly<Record<EventFigure, string>> = {
  'objections.filed': '收到异议',
  'objections.answered': '答复异议',
  'objections.upheld': '异议成立',
  'orders.issued': '下发整改通知',
  'orders.closed': '整改办结',
  'circulars.published': '通报批评',
  'referrals.made': '移送追责',
};

/** As a reader of the report sees it. */
export function figureWords(figure: string): string {
  const [kind = '', stand] = figure.split('.');
  if (kind in FINDING_KINDS) {
    return `${FINDING_KINDS[kind as FindingKind].zh}（${stand === 'open' ? '期末未消除' : '期内已消除'}）`;
  }
  return FIGURE_WORDS[figure as EventFigure] ?? figure;
}
