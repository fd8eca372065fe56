/** What came out of a quarter, read from the house as the bureau reads it, by the names of the story. */
import { tellLeague } from '../../../models/deadline/league.ts';
import { type DeadlineItem, listDeadlines } from '../../../models/deadline/list-deadlines.ts';
import { listFindings } from '../../../models/supervision/list-findings.ts';
import type { FindingView } from '../../../models/supervision/view-finding.ts';
import type { FindingLine, LeagueLine, ListedClock, ObjectionLine, Outcome } from './outcome.ts';
import type { Played } from './play-story.ts';
import { departmentOf, officer } from './quarter-world.ts';
import { readQuarterReport } from './read-report.ts';

/** From ids of the house to names of the story. */
export interface Names {
  /** Case number, or the story's objection. */
  subject(id: string): string;
  /** `offline-push 季-1` */
  clock(id: string): string;
  licence(id: string): string;
  recipient(recipient: string): string;
  /** By the house's number. */
  objection(number: string): string;
  /** A case by its number, an objection by its name. */
  numbered(number: string): string;
}

export async function readOutcome(played: Played, names: Names): Promise<Outcome> {
  const { house } = played;
  const { clockNotices, notices, changes } = house.db.rows;
  const overdue = await listAll(played, 'overdue');
  const warned = await listAll(played, 'warned');
  const told = await notices.findAll({ raw: true });
  const steps = await changes.findAll({
    order: [
      ['licenceId', 'ASC'],
      ['sequence', 'ASC'],
    ],
    raw: true,
  });
  return {
    listed: [...overdue, ...warned].map((item) => viewClock(names, item)),
    findings: await readFindings(played, names),
    league: await readLeague(played),
    ...(await readQuarterReport(house, names.objection)),
    stages: (await clockNotices.findAll({ raw: true })).map(
      ({ deadlineId, stage }) => `${names.clock(deadlineId)} ${stage}`,
    ),
    notices: told.flatMap(({ recipient, kind, subjectId, stage }) => {
      const line = `${names.recipient(recipient)} ${kind}`;
      if (kind.startsWith('clock.')) return [`${line} ${names.clock(subjectId)}`];
      return kind.startsWith('objection.') ? [`${line} ${names.objection(subjectId)} ${stage}`] : [];
    }),
    objections: await readObjections(played, names),
    changes: steps.map(
      ({ licenceId, act, toStatus, sequence }) => `${names.licence(licenceId)} ${act} ${toStatus} ${sequence}`,
    ),
    refused: played.refused,
  };
}

/** Page after page, as it is read over HTTP. */
async function listAll({ house }: Played, stage: 'warned' | 'overdue'): Promise<DeadlineItem[]> {
  const items: DeadlineItem[] = [];
  let after: string | undefined;
  do {
    const page = await listDeadlines(house, officer, { stage, limit: 200, ...(after ? { after } : {}) });
    items.push(...page.items);
    after = page.next ?? undefined;
  } while (after);
  return items;
}

function viewClock(names: Names, item: DeadlineItem): ListedClock {
  const { stage, kind, article, dueAt, metAt, lateMinutes, offlineReason } = item;
  const department = departmentOf(item.organisationCode);
  const common = { stage, kind, subject: names.subject(item.subjectId), department, article };
  return { ...common, dueAt, metAt, lateMinutes, explained: item.lateReason !== null, offlineReason };
}

async function readFindings({ house }: Played, names: Names): Promise<FindingLine[]> {
  const items: FindingView[] = [];
  let after: string | undefined;
  do {
    const page = await listFindings(house, officer, { limit: 200, ...(after ? { after } : {}) });
    items.push(...page.items);
    after = page.next ?? undefined;
  } while (after);
  return items.map(({ kind, subject, organisationCode, article, since, closedAt, endedBy, lateMinutes }) => ({
    ...{ kind, subject: kind === 'case-late' ? subject : names.objection(subject), article, since, closedAt, endedBy },
    ...{ department: departmentOf(organisationCode), lateMinutes },
  }));
}

async function readLeague({ house }: Played): Promise<LeagueLine[]> {
  const { items } = await tellLeague(house, officer, { from: '2026-01-01', to: '2026-03-31' });
  return items.map(({ organisationCode, name: _, ...line }) => ({
    department: departmentOf(organisationCode),
    ...line,
  }));
}

async function readObjections({ house }: Played, names: Names): Promise<ObjectionLine[]> {
  const rows = await house.db.rows.objections.findAll({ raw: false });
  return rows.map((row) => ({
    ...{ objection: names.objection(row.number), state: row.state, lateMinutes: row.lateMinutes },
    ...{ explained: row.lateReason !== null, answeredAt: row.answeredAt?.toISOString() ?? null },
    correctedAt: row.correctedAt?.toISOString() ?? null,
    ...{ escalated: row.escalatedAt !== null, correctionEscalated: row.correctionEscalatedAt !== null },
  }));
}

export async function learnNames({ house, licences, holders, objections }: Played): Promise<Names> {
  const { cases, deadlines, objections: objectionRows } = house.db.rows;
  const turned = <K, V>(map: ReadonlyMap<K, V>) => new Map([...map].map(([key, value]) => [value, key]));
  const [byLicence, byHolder, byNumber] = [turned(licences), turned(holders), turned(objections)];
  const objection = (number: string) => byNumber.get(number) ?? `? ${number}`;
  const subjects = new Map<string, string>();
  for (const { id, caseNumber } of await cases.findAll({ raw: true })) subjects.set(id, caseNumber);
  for (const { id, correctionId, number } of await objectionRows.findAll({ raw: true })) {
    subjects.set(id, objection(number));
    if (correctionId) subjects.set(correctionId, objection(number));
  }
  const subject = (id: string) => subjects.get(id) ?? `? ${id}`;
  const clocks = new Map<string, string>();
  for (const { id, kind, subjectId } of await deadlines.findAll({ raw: true }))
    clocks.set(id, `${kind} ${subject(subjectId)}`);
  return {
    ...{ subject, objection, numbered: (number) => byNumber.get(number) ?? number },
    clock: (id) => clocks.get(id) ?? `? ${id}`,
    licence: (id) => byLicence.get(id) ?? `? ${id}`,
    recipient(recipient) {
      const [kind = '', id = ''] = recipient.split(':');
      if (kind === 'body') return `body:${departmentOf(id)}`;
      return kind === 'holder' ? `holder:${byHolder.get(id) ?? '?'}` : recipient;
    },
  };
}
