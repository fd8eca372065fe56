/** The cases of the quarter: each department closes, tells and pushes in its own way. */
import { countDays, dateOf, startOf } from './arrangement.ts';
import type { Chance } from './chance.ts';
import {
  DAY,
  DEPARTMENTS,
  END,
  HOUR,
  LEAST_BATCH,
  MINUTE,
  type Mode,
  type Push,
  START,
  type Step,
  type StoryLicence,
} from './story.ts';

/** How a department behaves, in turn: there are four of each. */
const MANNERS = [
  ...(['punctual', 'by-hours', 'by-days', 'never', 'silent'] as const),
  ...(['notice-late', 'batches', 'batches-badly', 'to-the-minute', 'mixed'] as const),
];
type Manner = (typeof MANNERS)[number];
const SETTLED = MANNERS.filter((manner) => manner !== 'mixed');

/** What one case becomes. */
interface CaseStory {
  readonly department: number;
  readonly caseNumber: string;
  readonly closedAt: number;
  readonly chance: Chance;
  /** That come at this time; those that would come after the quarter are not counted. */
  licences(count: number, at: number): readonly StoryLicence[];
}

function mannerOf(department: number): Manner {
  return MANNERS[department % MANNERS.length] ?? 'mixed';
}

/** @returns steps in no order, until so many licences are in them */
export function writeCases(chance: Chance, wanted: number): Step[] {
  const steps: Step[] = [];
  let [made, cases] = [0, 0];
  while (made < wanted) {
    cases += 1;
    const department = cases % DEPARTMENTS;
    const closedAt = closingOf(chance);
    const licences = (count: number, at: number) =>
      Array.from({ length: at < END ? Math.min(count, wanted - made) : 0 }, () => {
        made += 1;
        return composeLicence(chance, made, closedAt);
      });
    const usual = mannerOf(department);
    const manner = usual === 'mixed' ? chance.pick(SETTLED) : usual;
    const story = { department, caseNumber: `季-${cases}`, closedAt, chance, licences };
    const own = WRITERS[manner](story).filter((step) => step.act !== 'push' || step.licences.length > 0);
    steps.push(...own, ...excuses(story), ...repeated(story));
  }
  return steps;
}

/** Mostly by day on working days; also at weekends, in the last millisecond of a day, and in the first. */
function closingOf(chance: Chance): number {
  const day = startOf(dateOf(START + chance.between(1, 88) * DAY));
  if (chance.happens(0.03)) return day;
  if (chance.happens(0.03)) return day + DAY - 1;
  return day + chance.between(8 * 60, 18 * 60) * MINUTE + chance.between(0, 59_999);
}

function composeLicence(chance: Chance, index: number, closedAt: number): StoryLicence {
  const issued = chance.happens(0.6);
  const common = { number: `施字第${1_000_000_000 + index}号`, holder: chance.between(0, 59), issued };
  if (!issued || chance.happens(0.7)) return common;
  const day = (days: number) => dateOf(closedAt + days * DAY);
  if (chance.happens(0.3)) return { ...common, validFrom: day(20 + chance.between(0, 20)), validTo: day(800) };
  return { ...common, validFrom: dateOf(closedAt), validTo: day(20 + chance.between(0, 40)) };
}

const REASON = '现场无网络';

const noticeOf = (
  { department, caseNumber, closedAt }: CaseStory,
  mode: Mode,
  at: number,
  batchSize?: number,
): Step => ({
  ...{ act: 'notice', at, department, caseNumber, mode, closedAt },
  ...(mode === 'offline' ? { offlineReason: REASON } : {}),
  ...(batchSize === undefined ? {} : { batchSize }),
});

const pushOf = (
  { department, caseNumber, licences }: CaseStory,
  at: number,
  more: Partial<Push> = {},
  count = 1,
): Step => ({
  ...{ act: 'push', at, department, caseNumber, licences: licences(count, at), by: 'front-end' },
  ...more,
});

/** The notice within the hour of closing, the licence so much later. */
function noticedAndPushed(story: CaseStory, pushedAt: number): Step[] {
  const noticed = story.closedAt + story.chance.between(1, 50) * MINUTE;
  const count = story.chance.pick([1, 1, 2, 3]);
  return [noticeOf(story, 'offline', noticed), pushOf(story, Math.max(pushedAt, noticed + 1), {}, count)];
}

/** What became of it while the department said nothing: its own licence says when the case was closed. */
function pushedAlone(story: CaseStory, count = 1): Step[] {
  const { chance, closedAt } = story;
  const by = chance.happens(0.3) ? { mode: 'offline' as const, offlineReason: REASON } : 'front-end';
  const at = closedAt + chance.between(10, 5 * 24 * 60) * MINUTE + 1;
  return [pushOf(story, at, { closedAt, by: chance.happens(0.1) ? 'api' : by }, count)];
}

const WRITERS: Readonly<Record<Exclude<Manner, 'mixed'>, (story: CaseStory) => Step[]>> = {
  punctual: (story) => noticedAndPushed(story, story.closedAt + story.chance.between(60, 360) * MINUTE),
  'by-hours': (story) =>
    noticedAndPushed(story, startOf(dateOf(story.closedAt)) + 2 * DAY + story.chance.between(1, 600) * MINUTE + 777),
  'by-days': (story) =>
    noticedAndPushed(story, story.closedAt + story.chance.between(2 * 24 * 60, 9 * 24 * 60) * MINUTE),
  never(story) {
    if (story.chance.happens(0.5)) return noticedAndPushed(story, story.closedAt + 5 * DAY);
    return [noticeOf(story, 'offline', story.closedAt + 5 * MINUTE)];
  },
  silent: (story) => pushedAlone(story),
  'notice-late'(story) {
    const { closedAt, chance } = story;
    const noticed = closedAt + chance.between(20, 5 * 24 * 60) * MINUTE;
    const pushed = closedAt + chance.between(20, 5 * 24 * 60) * MINUTE + 333;
    return [noticeOf(story, chance.happens(0.1) ? 'online' : 'offline', noticed), pushOf(story, pushed)];
  },
  batches(story) {
    const { closedAt, chance } = story;
    const size = LEAST_BATCH + chance.between(0, 9);
    const declared = Math.min(closedAt + chance.between(1, 300) * MINUTE, startOf(dateOf(closedAt)) + DAY - 1);
    const first = closedAt + chance.between(6, 7 * 24) * HOUR;
    // Two licences come behind the others, or never.
    const rest = chance.happens(0.15) ? [] : [pushOf(story, first + chance.between(1, 40) * HOUR, {}, 2)];
    const portions = [pushOf(story, first, {}, size - 2), ...rest];
    return [noticeOf(story, 'batch', declared, size), ...portions];
  },
  'batches-badly'(story) {
    const { closedAt, chance } = story;
    const after = startOf(dateOf(closedAt)) + DAY + chance.between(0, 600) * MINUTE;
    const bad = chance.happens(0.5)
      ? noticeOf(story, 'batch', after, LEAST_BATCH + 2)
      : noticeOf(story, 'batch', closedAt, chance.between(1, LEAST_BATCH - 1));
    return [bad, ...pushedAlone(story, chance.between(2, 4))];
  },
  'to-the-minute'(story) {
    const { dueAt } = countDays(story.closedAt, 1, 'first');
    return noticedAndPushed(story, dueAt + story.chance.pick([-1, 0, 1, MINUTE - 1, MINUTE]));
  },
};

/** Asked why, days later: some were not late at all. */
function excuses({ department, caseNumber, closedAt, chance }: CaseStory): Step[] {
  if (!chance.happens(0.15)) return [];
  const at = closedAt + chance.between(4 * 24 * 60, 12 * 24 * 60) * MINUTE + 555;
  return [{ act: 'late-reason', at, department, caseNumber }];
}

/** Told once more, with another time of closing and as another kind. */
function repeated(story: CaseStory): Step[] {
  if (!story.chance.happens(0.06)) return [];
  const at = story.closedAt + 8 * DAY + 222;
  return at < END ? [noticeOf({ ...story, closedAt: story.closedAt + 7 * DAY }, 'offline', at)] : [];
}
