/** City and province side by side: every night and on demand. The city's own changes since the last time are looked at first,
 *  then both trees where they differ. What is missing or differs there is sent again, what never was the city's is withdrawn
 *  where it is little; what puts the city's own record in doubt is reported and left alone. */
import {
  type Alarm,
  foldTree,
  hasGuards,
  logUnrepaired,
  noteUnconfirmed,
  recordComparison,
  sendAgain,
  setAlarms,
  startComparison,
} from '../../models/exchange-state/index.ts';
import { type Caller, type House, houseCaller } from '../../models/house.ts';
import { inLane } from '../../models/kernel/lane.ts';
import type { ProvinceConnector } from '../province/connector.ts';
import { findDiffering, type Reads, type Roots, readRoots } from './find-differing.ts';
import { type DifferenceKind, type Judged, judgeDifferences, LEFT_ALONE } from './judge-differences.ts';
import { judgeSuspects } from './judge-suspects.ts';
import { type ComparisonCounts, type Difference, openTally, type Tally } from './tally.ts';
import { type Extra, judgeBrake, keepExtras, withdrawExtras } from './withdraw-extras.ts';

/** What one department has on both sides, and what was found of it. */
export interface ComparedDepartment {
  readonly body: string;
  readonly city: Side;
  /** Null when the province cannot be asked. */
  readonly province: Side | null;
  readonly counts: Readonly<Record<string, number>>;
}

interface Side {
  readonly count: number;
  readonly digest: string | null;
}

export interface Comparison {
  readonly comparisonId: string;
  readonly counts: ComparisonCounts;
  /** The first thousand. */
  readonly differences: readonly Difference[];
  readonly departments: readonly ComparedDepartment[];
  /** `city`: the connector cannot say what is held there; only what was not confirmed is known. */
  readonly scope: 'both' | 'city';
  /** There alone, and so many that nothing was withdrawn: only an operator's word does that. */
  readonly isWithheld: boolean;
  /** The database itself notices what is removed or altered by hand. */
  readonly guarded: boolean;
  readonly reads: Readonly<Reads>;
}

interface Run {
  readonly house: House;
  readonly caller: Caller;
  readonly comparisonId: string;
  readonly tally: Tally;
  readonly extras: Extra[];
}

export interface CompareOptions {
  /** An operator has looked, and wants withdrawn whatever is there alone, however much it is. */
  readonly withdrawAll?: boolean;
  /** Aborted: it ends as one that failed, and throws the signal's reason. */
  readonly signal?: AbortSignal;
}

const SENT_AGAIN: readonly DifferenceKind[] = ['missing', 'differs'];

/** Throws `PROVINCE_UNAVAILABLE`; what was found until then is kept, and what was repaired stays repaired. */
export function compareWithProvince(
  house: House,
  connector: ProvinceConnector,
  options: CompareOptions = {},
): Promise<Comparison> {
  return inLane('bulk', () => compare(house, connector, options));
}

async function compare(
  house: House,
  { name, tree }: ProvinceConnector,
  { withdrawAll = false, signal }: CompareOptions,
): Promise<Comparison> {
  const caller = houseCaller(`compare-${house.newId()}`);
  const run: Run = { house, caller, comparisonId: await startComparison(house), tally: openTally(), extras: [] };
  const reads: Reads = { nodes: 0, records: 0 };
  const { comparisonId, tally } = run;
  let roots: Roots = { ours: [], theirs: [] };
  let braked: readonly Alarm[] = [];
  const conclude = async (outcome: 'done' | 'failed') => {
    const counts = tally.counts(roots.ours.reduce((sum, { count }) => sum + count, 0));
    const departments = describeDepartments(roots, tally, tree !== undefined);
    const guarded = await hasGuards(house);
    const scope = tree ? ('both' as const) : ('city' as const);
    const facts = { differences: tally.differences, departments, guarded, scope, link: name, withdrawAll };
    const isWithheld = braked.length > 0;
    await recordComparison(house, caller, comparisonId, { ...counts }, { ...facts, isWithheld }, outcome);
    return { comparisonId, counts, ...facts, isWithheld, reads };
  };
  try {
    const fold = await foldTree(house);
    await noteUnconfirmed(house);
    for await (const judged of judgeSuspects(house)) {
      signal?.throwIfAborted();
      await settle(run, judged);
    }
    if (tree) {
      roots = await readRoots(house, tree, reads);
      for await (const differing of findDiffering(house, tree, roots, reads)) {
        signal?.throwIfAborted();
        keepExtras(run, await settle(run, await judgeDifferences(house, differing, fold)), roots.ours);
        if (withdrawAll) await withdrawExtras(run, tree);
      }
      if (!withdrawAll) braked = judgeBrake(roots.ours, tally);
      if (braked.length === 0) await withdrawExtras(run, tree);
    }
  } catch (error) {
    await conclude('failed');
    throw error;
  }
  await raiseAlarms(run, braked);
  return conclude('done');
}

/** @returns what is there alone */
async function settle(run: Run, all: readonly Judged[]): Promise<Judged[]> {
  const { house, caller, comparisonId, tally } = run;
  const judged = all.filter((one) => tally.add(one));
  const of = (kinds: readonly Judged['kind'][]) => judged.filter(({ kind }) => kinds.includes(kind));
  const resends = of(SENT_AGAIN).flatMap(({ subject, kind, own }) => (own ? [{ subject, kind, own }] : []));
  const queued = await sendAgain(house, caller, comparisonId, resends);
  for (const subject of queued) tally.repaired(subject, 'requeued');
  await logUnrepaired(house, caller, comparisonId, of(LEFT_ALONE));
  return of(['extra']);
}

const MOST_ALARMS = 100;

/** What only a person can mend stands until it is mended. */
async function raiseAlarms({ house, caller, tally }: Run, braked: readonly Alarm[]): Promise<void> {
  const { found, isCut } = tally.leftAlone;
  const wrong = [...braked, ...found.map(({ subject, kind }) => ({ subject, details: { kind } }))];
  await setAlarms(house, caller, 'reconciliation', wrong, { most: MOST_ALARMS + braked.length, isCut });
}

function describeDepartments({ ours, theirs }: Roots, tally: Tally, isAsked: boolean): ComparedDepartment[] {
  const bodyOf = (key: string) => key.slice(0, -1);
  const sides = (roots: Roots['ours']) =>
    new Map(roots.map(({ key, count, digest }) => [bodyOf(key), { count, digest }]));
  const [here, there] = [sides(ours), sides(theirs)];
  const nothing: Side = { count: 0, digest: null };
  const bodies = new Set([...here.keys(), ...there.keys(), ...tally.departments.keys()]);
  return [...bodies].sort().map((body) => ({
    body,
    city: here.get(body) ?? nothing,
    province: isAsked ? (there.get(body) ?? nothing) : null,
    counts: { ...(tally.departments.get(body) ?? {}) },
  }));
}
