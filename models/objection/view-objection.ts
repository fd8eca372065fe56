/** What is told of an objection: all to the issuer and the bureau; to who objects its course, by bodies and not by the names of officials. */
import { loadCalendar } from '../calendar/load-calendar.ts';
import { explainWorkingDays } from '../calendar/working-days.ts';
import { WORKING_DAYS } from '../deadline/open-deadline.ts';
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import { type Claims, showClaims } from './claims.ts';
import type { ObjectionEvent, ObjectionSide } from './objection-words.ts';
import type { EvidenceColumns, ObjectionColumns, ObjectionEventColumns } from './rows.ts';
import { type ObjectionSummary, summarizeObjections } from './summarize-objections.ts';

export interface EvidenceView {
  readonly evidenceId: string;
  readonly side: EvidenceColumns['side'];
  readonly name: string;
  readonly format: EvidenceColumns['format'];
  readonly sizeBytes: number;
  readonly sm3: string;
  readonly givenAt: string;
}

export interface ObjectionEventView {
  readonly act: ObjectionEvent;
  readonly at: string;
  readonly side: ObjectionSide;
  readonly organisationCode: string | null;
  /** Null for who objects, but for their own acts. */
  readonly by: string | null;
  readonly words: string | null;
  readonly details: ObjectionEventColumns['details'];
}

export interface ObjectionView extends ObjectionSummary {
  readonly text: string;
  /** Numbers are masked. */
  readonly claims: Claims;
  readonly follows: string | null;
  /** Who answers. */
  readonly answersBy: string;
  /** The due date may still move: the calendar of its year is not published. */
  readonly provisional: boolean;
  /** Days on the way to the due date that do not count. */
  readonly skipped: readonly string[];
  readonly answer: string | null;
  readonly answeredAt: string | null;
  readonly lateMinutes: number | null;
  readonly lateReason: string | null;
  /** Null unless it was upheld. */
  readonly correction: {
    readonly plan: string | null;
    /** Of the licence's change that corrects it. */
    readonly sequence: number | null;
    readonly correctedAt: string | null;
  } | null;
  readonly evidence: readonly EvidenceView[];
  readonly events: readonly ObjectionEventView[];
}

export async function viewObjection(
  house: House,
  row: ObjectionColumns,
  side: ObjectionSide,
  tx?: Tx,
): Promise<ObjectionView> {
  const [summarized] = await summarizeObjections(house, [row], side, tx);
  if (!summarized) throw new RangeError('an objection was not summarized');
  const { objectionEvents, objectionEvidence, organisations } = house.db.rows;
  const order: [string, string][] = [['id', 'ASC']];
  const events = await readRows(objectionEvents, { where: { objectionId: row.id }, order, tx });
  const evidence = await readRows(objectionEvidence, { where: { objectionId: row.id }, order, tx });
  const issuer = await organisations.findByPk(row.issuingBody, tx ? { transaction: tx } : {});
  const filedOn = toShanghaiDate(row.filedAt);
  const calendar = await loadCalendar(house, tx, filedOn);
  const days = explainWorkingDays(calendar, filedOn, WORKING_DAYS.objection);
  const { text, follows, answer, answeredAt, lateMinutes, lateReason } = row;
  return {
    ...summarized.summary,
    ...{ text, claims: showClaims(house, row.claims), follows, answersBy: issuer?.name ?? row.issuingBody },
    provisional: summarized.clock?.provisional ?? false,
    skipped: days.filter(({ counts }) => !counts).map(({ date }) => date),
    ...{ answer, answeredAt: answeredAt?.toISOString() ?? null, lateMinutes, lateReason },
    correction: viewCorrection(row),
    evidence: evidence.map(viewEvidence),
    events: events.map((event) => viewEvent(event, side)),
  };
}

function viewCorrection(row: ObjectionColumns): ObjectionView['correction'] {
  if (row.answeredAt === null || row.state === 'rejected') return null;
  const { correctionPlan: plan, correctionSequence: sequence, correctedAt } = row;
  return { plan, sequence, correctedAt: correctedAt?.toISOString() ?? null };
}

export function viewEvidence(row: EvidenceColumns): EvidenceView {
  const { id: evidenceId, side, name, format, sizeBytes, digest: sm3, givenAt } = row;
  return { evidenceId, side, name, format, sizeBytes, sm3, givenAt: givenAt.toISOString() };
}

function viewEvent(event: ObjectionEventColumns, side: ObjectionSide): ObjectionEventView {
  const { act, at, organisationCode, actorName, words, details } = event;
  const course = { act, at: at.toISOString(), side: event.side, organisationCode, words };
  const hidden = side === 'objector' && event.side !== 'objector';
  return hidden ? { ...course, by: null, details: {} } : { ...course, by: actorName, details };
}
