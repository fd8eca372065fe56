/** Plays a story on a house: every step by the real act, in the name of whoever does it, at its own time. */

import { saveYear } from '../../../models/calendar/save-year.ts';
import { viewYear } from '../../../models/calendar/view-year.ts';
import { closeCase } from '../../../models/deadline/close-case.ts';
import { giveLateReason } from '../../../models/deadline/give-late-reason.ts';
import type { Caller } from '../../../models/house.ts';
import { Fault } from '../../../models/kernel/fault.ts';
import { changeStatus } from '../../../models/licence/change-status.ts';
import { maintainRecord } from '../../../models/licence/maintain-records.ts';
import { answerObjection } from '../../../models/objection/answer-objection.ts';
import { correctObjection, planCorrection } from '../../../models/objection/correct-objection.ts';
import { fileObjection } from '../../../models/objection/file-objection.ts';
import { withdrawObjection } from '../../../models/objection/withdraw-objection.ts';
import { callerWith, type TestHouse } from '../../world/test-house.ts';
import { EXTRA_HOLIDAY, EXTRA_WORKDAY } from './arrangement.ts';
import { identifierOf, pushLicences } from './push-licences.ts';
import { catalogueOf, clerkOf, officer, reviewerOf } from './quarter-world.ts';
import { openScheduler } from './run-jobs.ts';
import type { Change, Filing, LateReason, Notice, ObjectionStep, Step, Story } from './story.ts';

/** How the house calls what the story names. */
export interface Played {
  readonly house: TestHouse;
  /** Ids by licence number. */
  readonly licences: Map<string, string>;
  /** Ids by the story's holders. */
  readonly holders: Map<number, string>;
  /** Numbers by the story's objections. */
  readonly objections: Map<string, string>;
  readonly refused: string[];
}

/** @param passes instants at which the jobs run */
export async function playStory(house: TestHouse, { steps }: Story, passes: readonly number[]): Promise<Played> {
  const played: Played = { house, licences: new Map(), holders: new Map(), objections: new Map(), refused: [] };
  const scheduler = openScheduler();
  let next = 0;
  const runUntil = async (at: number) => {
    for (let pass = passes[next]; pass !== undefined && pass <= at; pass = passes[next]) {
      house.time.set(new Date(pass));
      await scheduler.pass(house, next);
      next += 1;
    }
  };
  for (const step of steps) {
    await runUntil(step.at - 1);
    house.time.set(new Date(step.at));
    await play(played, step);
  }
  await runUntil(Number.POSITIVE_INFINITY);
  return played;
}

async function play(played: Played, step: Step): Promise<void> {
  switch (step.act) {
    case 'notice':
      return tellClosing(played, step);
    case 'push':
      return pushLicences(played, step);
    case 'late-reason':
      return excuse(played, step);
    case 'file':
      return file(played, step);
    case 'maintain':
    case 'suspend':
    case 'resume':
      return change(played, step);
    case 'calendar':
      return publish(played);
    default:
      return stepOn(played, step);
  }
}

/** Keeps what is refused; what nobody foresaw is thrown. */
async function refusable(played: Played, name: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const codes = error.errors.length > 0 ? error.errors.map(({ code }) => code) : [error.code];
    played.refused.push(`${name} ${codes.sort().join(' ')}`);
  }
}

async function tellClosing(played: Played, { act: _, at: __, department, closedAt, ...notice }: Notice): Promise<void> {
  const told = { ...notice, catalogueCode: catalogueOf(department), closedAt: new Date(closedAt).toISOString() };
  await refusable(played, notice.caseNumber, () => closeCase(played.house, clerkOf(department), told));
}

async function excuse(played: Played, { department, caseNumber }: LateReason): Promise<void> {
  const { cases, deadlines } = played.house.db.rows;
  const row = await cases.findOne({ where: { caseNumber }, attributes: ['id'] });
  const clock = row && (await deadlines.findOne({ where: { subjectId: row.id }, attributes: ['id'] }));
  if (!clock) return;
  const reason = { reason: '系统升级，未能及时推送' };
  await refusable(played, caseNumber, () => giveLateReason(played.house, clerkOf(department), clock.id, reason));
}

async function change({ house, licences }: Played, { act, at, department, licence }: Change): Promise<void> {
  const id = licences.get(licence) ?? '';
  const words = { legalBasis: '《暂行办法》', reason: '异议成立，予以更正' };
  if (act === 'maintain')
    await maintainRecord(house, clerkOf(department), id, { fields: { contactPhone: `1${at}` }, ...words });
  else await changeStatus(house, clerkOf(department), id, { act, ...words });
}

async function publish({ house }: Played): Promise<void> {
  const { state, days } = await viewYear(house, 2026);
  const extra = [
    { date: EXTRA_HOLIDAY, kind: 'holiday' as const, name: '样例节' },
    { date: EXTRA_WORKDAY, kind: 'working' as const, name: '样例节' },
  ];
  await saveYear(house, officer, 2026, { state, days: [...days, ...extra] });
}

function holderCaller({ holders }: Played, holder: number): Caller {
  return { ...callerWith(['holder'], null, `holder-${holder}`), holderId: holders.get(holder) ?? null };
}

async function file(played: Played, { objection, licence, holder, category }: Filing): Promise<void> {
  const input = { identifier: identifierOf(licence), category, text: '登记内容与事实不符' };
  const filed = await fileObjection(played.house, holderCaller(played, holder), input);
  played.objections.set(objection, filed.number);
}

async function stepOn(played: Played, step: ObjectionStep): Promise<void> {
  const { house } = played;
  const number = played.objections.get(step.objection) ?? '';
  const clerk = clerkOf(step.department);
  if (step.act === 'withdraw') await withdrawObjection(house, holderCaller(played, step.holder), number, {});
  else if (step.act === 'plan') await planCorrection(house, clerk, number, { plan: '更正登记内容' });
  else if (step.act === 'correct') await correctObjection(house, clerk, number, {});
  else await answer(house, step, number);
}

/** Who is asked for the reason of its lateness gives one. */
async function answer(house: TestHouse, { act, department }: ObjectionStep, number: string): Promise<void> {
  const outcome = act === 'uphold' ? ('upheld' as const) : ('rejected' as const);
  const words = { outcome, answer: '已核实' };
  try {
    await answerObjection(house, reviewerOf(department), number, words);
  } catch (error) {
    if (!(error instanceof Fault) || error.errors[0]?.code !== 'LATE_REASON_REQUIRED') throw error;
    await answerObjection(house, reviewerOf(department), number, { ...words, lateReason: '须向原审批单位核实' });
  }
}
