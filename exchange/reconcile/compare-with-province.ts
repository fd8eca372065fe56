/** City and province side by side: every night and on demand. The city's own changes since the last time are looked at first,
 *  then both trees where they differ. What is missing or differs there is sent again, what never was the city's is withdrawn;
 *  what puts the city's own record in doubt is reported and left alone. */
import {
  foldTree,
  hasGuards,
  logUnrepaired,
  noteUnconfirmed,
  noteWithdrawn,
  recordComparison,
  sendAgain,
  setAlarms,
  startComparison,
} from '../../models/exchange-state/index.ts';
import { type Caller, type House, houseCaller } from '../../models/house.ts';
import { inLane } from '../../models/kernel/lane.ts';
import type { ProvinceConnector } from '../province/connector.ts';
import { findDiffering, type Reads, type Roots, readRoots } from './find-differing.ts';
import { type DifferenceKind, type Judged, judgeDifferences } from './judge-differences.ts';
import { judgeSuspects } from './judge-suspects.ts';
import { MOST_WITHDRAWN, type ProvinceTree } from './province-tree.ts';
import { type ComparisonCounts, type Difference, openTally, type Tally } from './tally.ts';

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
  /** The database itself notices what is removed or altered by hand. */
  readonly guarded: boolean;
  readonly reads: Readonly<Reads>;
}

interface Run {
  readonly house: House;
  readonly caller: Caller;
  readonly comparisonId: string;
  readonly tally: Tally;
}

const SENT_AGAIN: readonly DifferenceKind[] = ['missing', 'differs'];
const LEFT_ALONE: readonly DifferenceKind[] = ['ahead', 'deleted', 'altered'];

/** Throws `PROVINCE_UNAVAILABLE`; what was found until then is kept, and what was repaired stays repaired. */
export function compareWithProvince(house: House, connector: ProvinceConnector): Promise<Comparison> {
  return inLane('bulk', () => compare(house, connector));
}

async function compare(house: House, { name, tree }: ProvinceConnector): Promise<Comparison> {
  const caller = houseCaller(`compare-${house.newId()}`);
  const run: Run = { house, caller, comparisonId: await startComparison(house), tally: openTally() };
  const reads: Reads = { nodes: 0, records: 0 };
  const { comparisonId, tally } = run;
  let roots: Roots = { ours: [], theirs: [] };
  const conclude = async (outcome: 'done' | 'failed') => {
    const counts = tally.counts(roots.ours.reduce((sum, { count }) => sum + count, 0));
    const departments = describeDepartments(roots, tally, tree !== undefined);
    const guarded = await hasGuards(house);
    const facts = { differences: tally.differences, departments, guarded, scope: tree ? 'both' : 'city', link: name };
    await recordComparison(house, caller, comparisonId, { ...counts }, facts, outcome);
    return { comparisonId, counts, ...facts, reads, scope: tree ? ('both' as const) : ('city' as const) };
  };
  try {
    const fold = await foldTree(house);
    await noteUnconfirmed(house);
    for await (const judged of judgeSuspects(house)) await settle(run, judged, undefined);
    if (tree) {
      roots = await readRoots(house, tree, reads);
      for await (const differing of findDiffering(house, tree, roots, reads))
        await settle(run, await judgeDifferences(house, differing, fold), tree);
    }
  } catch (error) {
    await conclude('failed');
    throw error;
  }
  await raiseAlarms(run);
  return conclude('done');
}

async function settle(run: Run, all: readonly Judged[], tree: ProvinceTree | undefined): Promise<void> {
  const { house, caller, comparisonId, tally } = run;
  const judged = all.filter((one) => tally.add(one));
  const of = (kinds: readonly Judged['kind'][]) => judged.filter(({ kind }) => kinds.includes(kind));
  const resends = of(SENT_AGAIN).flatMap(({ subject, kind, own }) => (own ? [{ subject, kind, own }] : []));
  const queued = await sendAgain(house, caller, comparisonId, resends);
  for (const subject of queued) tally.repaired(subject, 'requeued');
  const extra = of(['extra']).flatMap(({ kind, theirs }) => (theirs ? [{ kind, ...theirs }] : []));
  for (let from = 0; tree && from < extra.length; from += MOST_WITHDRAWN) {
    const part = extra.slice(from, from + MOST_WITHDRAWN);
    const outcomes = await tree.withdraw(part.map(({ subject, sequence, digest }) => ({ subject, sequence, digest })));
    const asked = part.map((one) => ({ ...one, outcome: outcomes.get(one.subject) ?? 'differs' }));
    await noteWithdrawn(house, caller, comparisonId, asked);
    for (const { subject, outcome } of asked) if (outcome !== 'differs') tally.repaired(subject, 'withdrawn');
  }
  await logUnrepaired(house, caller, comparisonId, of(LEFT_ALONE));
}

const MOST_ALARMS = 100;

/** What only a person can mend stands until it is mended. */
async function raiseAlarms({ house, caller, tally }: Run): Promise<void> {
  const wrong = tally.differences.filter(({ kind }) => LEFT_ALONE.includes(kind)).slice(0, MOST_ALARMS);
  await setAlarms(
    house,
    caller,
    'reconciliation',
    wrong.map(({ subject, kind }) => ({ subject, details: { kind } })),
  );
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
