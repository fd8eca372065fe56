/** Objections, reduced. */
import type { Arrangement } from './arrangement.ts';
import type { ObjectionLine } from './outcome.ts';
import { type Clock, isBreached, meet, minutesLate } from './predict-clocks.ts';
import { END, type Filing, type ObjectionStep } from './story.ts';

interface KnownObjection {
  readonly name: string;
  readonly department: number;
  readonly clock: Clock;
  correction: Clock | null;
  state: string;
  answeredAt: number | null;
}

export interface ObjectionWorld {
  readonly clocks: Clock[];
  readonly notices: string[];
  readonly objections: Map<string, KnownObjection>;
}

export function fileObjection(world: ObjectionWorld, { objection: name, department, at }: Filing): void {
  const clock = openClock(world, { kind: 'objection', name, department, at });
  world.objections.set(name, { name, department, clock, correction: null, state: 'filed', answeredAt: null });
  world.notices.push(`body:${department} objection.filed ${name} filed`);
}

export function takeObjectionStep(world: ObjectionWorld, step: ObjectionStep, arrangement: Arrangement): void {
  const { act, at, holder, objection: name } = step;
  const known = world.objections.get(name);
  if (!known) throw new RangeError(`${name} was never filed`);
  const { department } = known;
  if (act === 'plan') known.state = 'correcting';
  else if (act === 'withdraw') {
    known.state = 'withdrawn';
    meet(known.clock, at, arrangement);
    world.notices.push(`body:${department} objection.withdrawn ${name} withdrawn`);
  } else if (act === 'correct') {
    known.state = 'corrected';
    if (known.correction) meet(known.correction, at, arrangement);
    world.notices.push(`holder:${holder} objection.corrected ${name} corrected`);
  } else {
    known.state = act === 'uphold' ? 'upheld' : 'rejected';
    known.answeredAt = at;
    meet(known.clock, at, arrangement);
    // A late answer is taken with its reason only, and that stands with the clock.
    if (isBreached(known.clock, at)) known.clock.explained = true;
    if (act === 'uphold') known.correction = openClock(world, { kind: 'correction', name, department, at });
    world.notices.push(`holder:${holder} objection.answered ${name} answered`);
  }
}

interface Opened {
  readonly kind: 'objection' | 'correction';
  readonly name: string;
  readonly department: number;
  readonly at: number;
}

function openClock({ clocks }: ObjectionWorld, { kind, name: subject, department, at }: Opened): Clock {
  const running = { metAt: null, dueWhenMet: null, explained: false, offlineReason: null };
  const clock: Clock = { kind, subject, department, startedAt: at, openedAt: at, ...running };
  clocks.push(clock);
  return clock;
}

const textOf = (instant: number | null | undefined) =>
  typeof instant === 'number' ? new Date(instant).toISOString() : null;

/** How it stands at the end: before the bureau when its answer or its correction was late, or is. */
export function lineOf({ name, clock, correction, state, answeredAt }: KnownObjection): ObjectionLine {
  const late = answeredAt !== null && isBreached(clock, END);
  return {
    ...{ objection: name, state, lateMinutes: late ? minutesLate(clock, END) : null, explained: late },
    ...{ answeredAt: textOf(answeredAt), correctedAt: textOf(correction?.metAt) },
    ...{ escalated: isBreached(clock, END), correctionEscalated: correction !== null && isBreached(correction, END) },
  };
}
