/** What lies in the tables at the end, by the names of the story and without the times at which somebody was told: two runs of one
 *  story that differ in when the jobs ran leave the same. */
import { Op } from 'sequelize';
import type { Played } from './play-story.ts';
import type { Names } from './read-outcome.ts';

export async function readTables(
  { house, licences }: Played,
  names: Names,
): Promise<Readonly<Record<string, string[]>>> {
  const { rows } = house.db;
  const licenceNames = new Map([...licences].map(([name, id]) => [id, name]));
  const named = (id: string | null) => (id === null ? null : (licenceNames.get(id) ?? id));
  const text = (...values: unknown[]) => JSON.stringify(values);
  const feed = [...(await rows.changeFeed.findAll({ raw: true })), ...(await rows.changeIntake.findAll({ raw: true }))];
  return {
    cases: (await rows.cases.findAll()).map(({ caseNumber, mode, closedAt, noticedAt, licenceId, source }) =>
      text(caseNumber, mode, closedAt, noticedAt, named(licenceId), source),
    ),
    clocks: (await rows.deadlines.findAll()).map((row) =>
      text(
        names.clock(row.id),
        row.startedAt,
        row.openedAt,
        row.metAt,
        row.late,
        row.dueTime,
        row.metAt ? row.dueAt : null,
      ),
    ),
    dueTimes: (await rows.dueTimes.findAll()).map(({ id, dueAt, warnAt, provisional, warnedAt, passedAt }) =>
      text(id, dueAt, warnAt, provisional, warnedAt !== null, passedAt !== null),
    ),
    licences: (await rows.licences.findAll()).map(({ id, state, status, sequence, turnsOn: turns }) =>
      text(named(id), state, status, sequence, turns),
    ),
    changes: (await rows.changes.findAll()).map(
      ({ licenceId, sequence, act, actor, fromStatus, toStatus, effectiveAt }) =>
        text(named(licenceId), sequence, act, actor, fromStatus, toStatus, effectiveAt),
    ),
    events: (await rows.objectionEvents.findAll()).map(({ objectionId, act, side, actor, details }) =>
      text(names.subject(objectionId), act, side, actor, details),
    ),
    findings: (await rows.findings.findAll())
      // What a calendar took back was never found by a run that stood still meanwhile.
      .filter(({ endedBy }) => endedBy !== 'withdrawn')
      .map(({ kind, subjectId, since, knownAt, closedAt, endedBy }) =>
        text(kind, names.clock(subjectId), since, knownAt, closedAt, endedBy),
      ),
    reports: (await rows.reports.findAll()).map(({ id, league }) => text(id, league)),
    // Of every week, month and quarter, whenever it was made.
    reportCases: (await rows.reportCases.findAll()).map((row) =>
      text(
        ...[row.reportId, row.figure, row.organisationCode, names.numbered(row.subject), row.article, row.since],
        row.lateMinutes,
      ),
    ),
    feed: feed.map(({ identifier, sequence, act, status }) => text(identifier, sequence, act, status)),
    log: (await rows.auditEntries.findAll({ where: OF_STORY })).map((entry) =>
      text(entry.act, entry.outcome, named(entry.licenceId), entry.caseNumber),
    ),
  };
}

/** What supervision writes of each run that found something says when it ran. */
const OF_STORY = { act: { [Op.ne]: 'supervision.keep' as const } };
