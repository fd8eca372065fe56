/** What comes of itself upon licences and the versions beside them. A version that ends before its first day takes nobody's place: the
 *  former's part, planned for that day, is then not made, however late both are looked at. Pure. */
import { startOfShanghaiDate } from '../kernel/clock.ts';
import { endsBeforeItBegan } from './release-formers.ts';
import type { LicenceColumns, PlannedMoveColumns } from './rows.ts';
import { MOVES } from './states.ts';
import { type Turned, turnUntil } from './turn-licence.ts';

export interface Chains {
  readonly licences: readonly LicenceColumns[];
  /** New versions that take the places of those which something due is planned for that it bears upon. */
  readonly heirs: readonly LicenceColumns[];
  /** Not settled, by licence. */
  readonly plans: ReadonlyMap<string, readonly PlannedMoveColumns[]>;
}

/** Of each of the licences, and of the heirs that end before they begin; the others have their own turn.
 *  @param until all that takes effect at or before it
 *  @param now when it is written down */
export function turnChains({ licences, heirs, plans }: Chains, until: Date, now: Date): Turned[] {
  const ids = new Set(licences.map(({ id }) => id));
  const beside = heirs.filter(({ id }) => !ids.has(id));
  const ended = [...licences, ...beside]
    .filter(({ predecessorId }) => predecessorId !== null)
    .map((version) => turnUntil(version, plans.get(version.id) ?? [], until, now))
    .filter(({ steps }) => steps.some(endsBeforeItBegan));
  const released = new Set(ended.map(({ licence }) => licence.predecessorId));
  const takers = [...licences, ...heirs].filter(({ id }) => !ended.some(({ licence }) => licence.id === id));
  const taken = takenAtBy(takers);
  const turned = licences.map((licence) => {
    const own = plans.get(licence.id) ?? [];
    const left = released.has(licence.id) ? own.filter(({ act }) => !MOVES[act].needsSuccessor) : own;
    return turnUntil(licence, left, until, now, taken.get(licence.id));
  });
  return [...turned, ...ended.filter(({ licence }) => !ids.has(licence.id))];
}

/** By former: when its place is taken, by issued versions. */
export function takenAtBy(versions: readonly LicenceColumns[]): ReadonlyMap<string, Date> {
  return new Map(
    versions.flatMap(({ predecessorId, state, validFrom, issuedOn }) => {
      const day = validFrom ?? issuedOn;
      return predecessorId !== null && state === 'issued' && day ? [[predecessorId, startOfShanghaiDate(day)]] : [];
    }),
  );
}
