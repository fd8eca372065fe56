/** What must come out of a story, reduced from the story alone: the rules of the law and of the bureau, written here a second time.
 *  Shares no code with the product. */
import { type Arrangement, PUBLISHED_AT } from './arrangement.ts';
import type { FindingLine, Outcome, ReportLine } from './outcome.ts';
import { type CaseWorld, closeCase, giveReason, pushLicences } from './predict-cases.ts';
import { type Clock, findLate, listClock, tellStages } from './predict-clocks.ts';
import { computeLeague } from './predict-league.ts';
import { changesOf, type LifeWorld, takeChange } from './predict-lives.ts';
import { fileObjection, lineOf, type ObjectionWorld, takeObjectionStep } from './predict-objections.ts';
import { type Change, END, type Step, type Story } from './story.ts';

/** @param passes instants at which the jobs ran */
export function predict({ steps }: Story, passes: readonly number[]): Outcome {
  const clocks: Clock[] = [];
  const notices: string[] = [];
  const refused: string[] = [];
  const cases: CaseWorld = { clocks, refused, cases: new Map(), waiting: new Map() };
  const objections: ObjectionWorld = { clocks, notices, objections: new Map() };
  const lives: LifeWorld = { lives: new Map() };
  for (const step of steps) reduce({ cases, objections, lives }, step, step.at < PUBLISHED_AT ? 'first' : 'second');
  const told = clocks.flatMap((clock) => tellStages(clock, passes));
  return {
    listed: clocks.flatMap((clock) => listClock(clock, END)),
    findings: clocks.flatMap((clock) => findLate(clock, END)),
    league: computeLeague(clocks, END),
    reported: clocks.flatMap((clock) => findLate(clock, END)).map(reportLine),
    reportedLeague: computeLeague(clocks, END),
    stages: told.filter(({ to }) => to === 'register').map(({ line }) => line),
    notices: [
      ...notices,
      ...objectionEscalations(objections),
      ...told.filter(({ to }) => to === 'notice').map(({ line }) => line),
    ],
    objections: [...objections.objections.values()].map(lineOf),
    changes: changesOf(lives, END),
    refused,
  };
}

/** A finding is among those that last at the end, or among those that ended before. */
function reportLine({ kind, subject, department, article, since, closedAt, lateMinutes }: FindingLine): ReportLine {
  const figure = `${kind}.${closedAt === null ? 'open' : 'ended'}`;
  return { figure, subject, department, article, since, lateMinutes };
}

interface Worlds {
  readonly cases: CaseWorld;
  readonly objections: ObjectionWorld;
  readonly lives: LifeWorld;
}

function reduce({ cases, objections, lives }: Worlds, step: Step, arrangement: Arrangement): void {
  if (step.act === 'notice') closeCase(cases, step, arrangement);
  else if (step.act === 'push') {
    takeChange(lives, step);
    pushLicences(cases, step, arrangement);
  } else if (step.act === 'late-reason') giveReason(cases, step, arrangement);
  else if (step.act === 'file') fileObjection(objections, step);
  else if (isChange(step)) takeChange(lives, step);
  else if (step.act !== 'calendar') takeObjectionStep(objections, step, arrangement);
}

const isChange = (step: Step): step is Change => ['maintain', 'suspend', 'resume'].includes(step.act);

function objectionEscalations({ objections }: ObjectionWorld): string[] {
  return [...objections.values()].flatMap((objection) => {
    const { escalated, correctionEscalated } = lineOf(objection);
    const awaited = [...(escalated ? ['answer'] : []), ...(correctionEscalated ? ['correction'] : [])];
    return awaited.flatMap((what) =>
      ['bureau', `body:${objection.department}`].map((to) => `${to} objection.escalated ${objection.name} ${what}`),
    );
  });
}
