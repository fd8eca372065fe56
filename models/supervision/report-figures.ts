/** The figures of a periodic report, each with the statement that lays down its cases. A figure is the number of its cases, and nothing
 *  else: it is never counted another way. */
import { pastJoin } from '../deadline/keep-past.ts';
import { minutesBetween } from '../deadline/minutes-between.ts';
import { linkSql } from './case-links.ts';
import { FINDING_KINDS, type FindingKind } from './finding-words.ts';
import { join } from './sql-words.ts';

type Dialect = 'sqlite' | 'mysql';

const INTO = `INSERT INTO supervision_report_cases
  (id, report_id, figure, organisation_code, case_id, subject, article, since, late_minutes, link)`;

const LATER_OF = 'CASE WHEN past.opened_at > past.due_at THEN past.opened_at ELSE past.due_at END';

/** As findings stood at the end of the period: where a clock was told otherwise after it, by what the clock said then, once. */
const STOOD = `(
    SELECT finding.id, finding.kind, organisation_code, subject, subject_id, article, clock,
      CASE WHEN past.id IS NULL THEN since ELSE past.due_at END AS since,
      CASE WHEN past.id IS NULL THEN known_at ELSE ${LATER_OF} END AS known_at,
      CASE WHEN past.id IS NULL THEN closed_at ELSE past.met_at END AS closed_at,
      CASE WHEN past.id IS NULL THEN ended_by WHEN past.met_at <= past.due_at THEN 'withdrawn' END AS ended_by
    FROM supervision_findings finding ${pastJoin('finding.subject_id', ':to')} AND clock = 1
    WHERE past.id IS NULL OR NOT EXISTS (SELECT 1 FROM supervision_findings newer
      WHERE newer.subject_id = finding.subject_id AND newer.clock = 1 AND newer.id > finding.id)
  ) stood`;

/** Findings that lasted or became known in the period; `.open` at its end, or `.ended` before. Given are :report, :from and :to. */
function findingCases(dialect: Dialect): string {
  const end = 'CASE WHEN closed_at IS NULL OR closed_at >= :to THEN :to ELSE closed_at END';
  return `${INTO}
    SELECT ${join(dialect, ':report', "':'", 'id')}, :report,
      ${join(dialect, 'kind', "CASE WHEN closed_at IS NULL OR closed_at >= :to THEN '.open' ELSE '.ended' END")},
      organisation_code, id, subject, article, since,
      CASE WHEN clock = 1 THEN ${minutesBetween(dialect, 'since', end)} END,
      ${linkSql(dialect)}
    FROM ${STOOD}
    WHERE known_at < :to AND (closed_at IS NULL OR closed_at >= :from OR known_at >= :from)
      AND (ended_by IS NULL OR ended_by <> 'withdrawn')`;
}

interface Happened {
  readonly zh: string;
  readonly table: string;
  /** Its instant. */
  readonly at: string;
  /** The rest of the condition; by what cannot change once it has happened. */
  readonly only?: string;
  readonly body?: string;
  /** As people call it. */
  readonly subject?: string;
  readonly late?: string;
  /** Where it is read: an address, and the column that ends it. */
  readonly link: readonly [address: string, column: string];
  /** Not for the body that it speaks of. */
  readonly forBureau?: boolean;
}

const OBJECTION = {
  table: 'objections',
  body: 'issuing_body',
  // What is answered after the period has no lateness yet at its end.
  late: 'CASE WHEN answered_at < :to THEN late_minutes END',
  link: ['objections', 'number'],
} as const;
const ORDER_LINK = ['supervision/orders', 'id'] as const;
const REQUEST = {
  table: 'paper_requests',
  at: 'asked_at',
  subject: 'case_number',
  link: ['paper-requests', 'id'],
} as const;
const REFERRED =
  '(SELECT organisation_code FROM rectification_orders WHERE rectification_orders.id = liability_referrals.id)';

/** What happened in the period. */
const EVENTS = {
  'objections.filed': { ...OBJECTION, zh: '收到异议', at: 'filed_at' },
  'objections.answered': { ...OBJECTION, zh: '答复异议', at: 'answered_at' },
  'objections.upheld': { ...OBJECTION, zh: '异议成立', at: 'answered_at', only: 'AND correction_id IS NOT NULL' },
  'orders.issued': { zh: '下发整改通知', table: 'rectification_orders', at: 'issued_at', link: ORDER_LINK },
  'orders.closed': {
    ...{
      zh: '整改办结',
      table: 'rectification_orders',
      at: 'ended_at',
      only: "AND state = 'closed'",
      link: ORDER_LINK,
    },
  },
  'circulars.published': { zh: '通报批评', table: 'criticism_circulars', at: 'published_at', link: ORDER_LINK },
  'referrals.made': {
    zh: '移送追责',
    table: 'liability_referrals',
    at: 'referred_at',
    body: REFERRED,
    link: ORDER_LINK,
  },
  'paper.excepted': { ...REQUEST, zh: '依规定索要纸质证照', only: "AND outcome = 'excepted'" },
  'paper.refused': { ...REQUEST, zh: '索要可共享证照被拒', only: "AND outcome = 'refused'" },
  // A report that is not confirmed is the bureau's to know.
  'paper.reported': {
    ...{ zh: '反映索要纸质证照', table: 'paper_reports', at: 'filed_at', forBureau: true },
    link: ['paper-reports', 'id'],
  },
} as const satisfies Readonly<Record<string, Happened>>;
type EventFigure = keyof typeof EVENTS;

/** What a body is not shown of itself. */
export const BUREAU_FIGURES = Object.entries<Happened>(EVENTS).flatMap(([figure, { forBureau }]) =>
  forBureau ? [figure] : [],
);

function eventCases(dialect: Dialect, figure: EventFigure): string {
  const {
    table,
    at,
    only = '',
    body = 'organisation_code',
    subject = 'number',
    late = 'NULL',
    link,
  }: Happened = EVENTS[figure];
  return `${INTO}
    SELECT ${join(dialect, ':report', `':${figure}:'`, 'id')}, :report, '${figure}', ${body}, id, ${subject}, NULL, ${at},
      ${late}, ${join(dialect, `'/api/v1/${link[0]}/'`, link[1])}
    FROM ${table} WHERE ${at} >= :from AND ${at} < :to ${only}`;
}

export function caseStatements(dialect: Dialect): readonly string[] {
  const figures = Object.keys(EVENTS) as EventFigure[];
  return [findingCases(dialect), ...figures.map((figure) => eventCases(dialect, figure))];
}

/** As a reader of the report sees it. */
export function figureWords(figure: string): string {
  const [kind = '', stand] = figure.split('.');
  if (kind === 'paper-asked') return FINDING_KINDS[kind].zh;
  if (kind in FINDING_KINDS) {
    return `${FINDING_KINDS[kind as FindingKind].zh}（${stand === 'open' ? '期末未消除' : '期内已消除'}）`;
  }
  return figure in EVENTS ? EVENTS[figure as EventFigure].zh : figure;
}
