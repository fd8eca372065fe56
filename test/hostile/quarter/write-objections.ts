/** The objections of the quarter, against licences that were issued in it: each department answers and corrects in its own way. */
import { countDays } from './arrangement.ts';
import type { Chance } from './chance.ts';
import { END, type Filing, MINUTE, type ObjectionStep, type Push, type Step, type StoryLicence } from './story.ts';

const CATEGORIES: readonly Filing['category'][] = [
  ...(['holder-data', 'face-data', 'status', 'not-mine', 'validity', 'file', 'other'] as const),
];
/** How a department answers, in turn. */
const TEMPERS = ['prompt', 'to-the-minute', 'late', 'never', 'mixed'] as const;
type Temper = Exclude<(typeof TEMPERS)[number], 'mixed'>;

interface Issued {
  readonly licence: StoryLicence;
  readonly push: Push;
}

/** @param pushes in the order of their times */
export function writeObjections(chance: Chance, pushes: readonly Push[], wanted: number): Step[] {
  const issued = pushes.flatMap((push): Issued[] =>
    push.licences.filter((licence) => licence.issued).map((licence) => ({ licence, push })),
  );
  const steps: Step[] = [];
  const taken = new Set<string>();
  for (let tries = 0, made = 0; made < wanted; tries += 1) {
    if (tries > wanted * 100) throw new RangeError('too few licences for so many objections');
    const { licence, push } = chance.pick(issued);
    const category = chance.pick(CATEGORIES);
    const at = push.at + chance.between(60, 20 * 24 * 60) * MINUTE + 111;
    if (taken.has(`${licence.number} ${category}`) || at >= END) continue;
    const first = !taken.has(licence.number);
    taken.add(`${licence.number} ${category}`).add(licence.number);
    made += 1;
    const common = { department: push.department, licence: licence.number, holder: licence.holder };
    const filing: Filing = { act: 'file', at, ...common, objection: `异-${made}`, category };
    steps.push(filing, ...course(chance, filing, first && licence.validTo === undefined));
  }
  return steps;
}

/** @param mayMove the licence has no other story, so that it may be suspended and resumed */
function course(chance: Chance, filing: Filing, mayMove: boolean): Step[] {
  const { at, department, objection, licence, holder } = filing;
  const step = (act: ObjectionStep['act'], when: number): ObjectionStep => ({
    ...{ act, at: when, department, objection, licence, holder },
  });
  if (chance.happens(0.12)) return [step('withdraw', at + chance.between(60, 12 * 24 * 60) * MINUTE)];
  const own = TEMPERS[department % TEMPERS.length] ?? 'mixed';
  const temper = own === 'mixed' ? chance.pick(TEMPERS.slice(0, 4) as Temper[]) : own;
  const answered = answerTime(chance, at, temper);
  if (answered === null) return [];
  if (chance.happens(0.5)) return [step('reject', answered)];
  const planned = chance.happens(0.5) ? [step('plan', answered + 7 * MINUTE)] : [];
  const corrected = answerTime(chance, answered, chance.pick(['prompt', 'to-the-minute', 'late', 'never']));
  if (corrected === null) return [step('uphold', answered), ...planned];
  const change = (act: 'maintain' | 'suspend' | 'resume', minutes: number): Step => ({
    ...{ act, at: corrected - minutes * MINUTE, department, licence },
  });
  const changes =
    mayMove && chance.happens(0.5) ? [change('suspend', 25), change('resume', 15)] : [change('maintain', 20)];
  return [step('uphold', answered), ...planned, ...changes, step('correct', corrected)];
}

function answerTime(chance: Chance, from: number, temper: Temper): number | null {
  if (temper === 'never') return null;
  if (temper === 'prompt') return from + chance.between(60, 4 * 24 * 60) * MINUTE;
  if (temper === 'late') return from + chance.between(7 * 24 * 60, 20 * 24 * 60) * MINUTE + 444;
  return countDays(from, 5, 'first').dueAt + chance.pick([-1, 0, 1, MINUTE - 1, MINUTE]);
}
