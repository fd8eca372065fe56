/** What may be done with an objection, as the law and the handbook know it, written down apart from the program. */

/** Who objects files again of the same kind, or takes it up in another; the others are as their names say. */
export const ACTS = [
  ...(['uphold', 'reject', 'withdraw', 'assign', 'evidence', 'remind', 'plan', 'correct'] as const),
  ...(['again', 'takeUp'] as const),
] as const;
export type Act = (typeof ACTS)[number];

export const STATES = ['filed', 'upheld', 'correcting', 'corrected', 'rejected', 'withdrawn'] as const;
export type State = (typeof STATES)[number];

/** Where each act leads from each state; a dash: nothing happens; `new`: another objection stands beside it. Columns as in ACTS. */
const MOVES: Readonly<Record<State, string>> = {
  filed: '     upheld  rejected  withdrawn  filed       filed       filed       -           -          -    -  ',
  upheld: '    -       -         -          upheld      upheld      upheld      correcting  corrected  -    -  ',
  correcting: '-       -         -          correcting  correcting  correcting  correcting  corrected  -    -  ',
  corrected: ' -       -         -          -           -           -           -           -          new  new',
  rejected: '  -       -         -          -           -           -           -           -          new  new',
  withdrawn: ' -       -         -          -           -           -           -           -          new  new',
};

/** Undefined: it is refused. `new` leaves the objection itself as it is. */
export function leadsTo(state: State, act: Act): State | 'new' | undefined {
  const to = MOVES[state].trim().split(/\s+/)[ACTS.indexOf(act)];
  return to === '-' ? undefined : (to as State | 'new');
}

/** By which acts each state is come to. */
export const WAYS: Readonly<Record<State, readonly Act[]>> = {
  filed: [],
  upheld: ['uphold'],
  correcting: ['uphold', 'plan'],
  corrected: ['uphold', 'plan', 'correct'],
  rejected: ['reject'],
  withdrawn: ['withdraw'],
};

/** What its history says of an act. */
export const STEPS: Readonly<Partial<Record<Act, string>>> = {
  ...{ uphold: 'upheld', reject: 'rejected', withdraw: 'withdrawn', assign: 'assigned' },
  ...{ evidence: 'evidence', remind: 'reminded', plan: 'correcting', correct: 'corrected' },
};

/** What somebody waited for comes with these. */
export const ENDS_WAIT: readonly Act[] = ['uphold', 'reject', 'withdraw', 'correct'];

/** The refusals that are not about its state alone. */
export const REFUSALS: Readonly<Partial<Record<Act, string>>> = {
  again: 'OBJECTION_OPEN',
  takeUp: 'FORMER_UNKNOWN',
};
