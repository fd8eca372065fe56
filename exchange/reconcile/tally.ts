/** Count what a comparison finds, altogether and by department. */
import { placeOf } from '../../models/digest-tree/index.ts';
import { DIFFERENCE_KINDS, type DifferenceKind, type Judged, LEFT_ALONE } from './judge-differences.ts';

type Kinds = Readonly<Record<DifferenceKind, number>>;

export interface ComparisonCounts extends Kinds {
  readonly same: number;
  /** Differs, and is on its way already. */
  readonly pending: number;
  readonly requeued: number;
  readonly withdrawn: number;
}

/** Both sides held the same, and nothing was on its way. */
export function isAgreed(counts: ComparisonCounts): boolean {
  return counts.pending === 0 && DIFFERENCE_KINDS.every((kind) => counts[kind] === 0);
}

export type Difference = Pick<Judged, 'subject'> & { readonly kind: DifferenceKind };

/** The first thousand are kept by name. */
const MOST_KEPT = 1000;
/** And these of what only a person can mend, whatever else was found. */
const MOST_LEFT_ALONE = 10_000;

export type DepartmentCounts = Record<DifferenceKind | 'pending' | 'requeued' | 'withdrawn', number>;

export interface Tally {
  readonly differences: readonly Difference[];
  /** What only a person can mend; all of it, unless `isCut`. */
  readonly leftAlone: { readonly found: readonly Difference[]; readonly isCut: boolean };
  readonly departments: ReadonlyMap<string, DepartmentCounts>;
  /** True the first time a subject is counted. */
  add(judged: Judged): boolean;
  repaired(subject: string, repair: 'requeued' | 'withdrawn'): void;
  /** @param held how many records the city's book holds */
  counts(held: number): ComparisonCounts;
}

export function openTally(): Tally {
  const differences: Difference[] = [];
  const leftAlone = { found: [] as Difference[], isCut: false };
  const departments = new Map<string, DepartmentCounts>();
  const seen = new Set<string>();
  let doubted = 0;
  const of = (subject: string) => {
    const { body } = placeOf(subject);
    const counts = departments.get(body) ?? emptyCounts();
    departments.set(body, counts);
    return counts;
  };
  const total = (name: keyof DepartmentCounts) =>
    [...departments.values()].reduce((sum, counts) => sum + counts[name], 0);
  return {
    differences,
    leftAlone,
    departments,
    add({ subject, kind, inBook }) {
      if (kind === 'same' || seen.has(subject)) return false;
      seen.add(subject);
      of(subject)[kind] += 1;
      if (inBook) doubted += 1;
      if (kind !== 'pending' && differences.length < MOST_KEPT) differences.push({ subject, kind });
      if (kind !== 'pending' && LEFT_ALONE.includes(kind)) {
        if (leftAlone.found.length < MOST_LEFT_ALONE) leftAlone.found.push({ subject, kind });
        else leftAlone.isCut = true;
      }
      return true;
    },
    repaired(subject, repair) {
      of(subject)[repair] += 1;
    },
    counts(held) {
      const kinds = Object.fromEntries(DIFFERENCE_KINDS.map((kind) => [kind, total(kind)])) as Kinds;
      const others = { pending: total('pending'), requeued: total('requeued'), withdrawn: total('withdrawn') };
      return { same: held - doubted, ...kinds, ...others };
    },
  };
}

function emptyCounts(): DepartmentCounts {
  const kinds = Object.fromEntries(DIFFERENCE_KINDS.map((kind) => [kind, 0])) as Record<DifferenceKind, number>;
  return { ...kinds, pending: 0, requeued: 0, withdrawn: 0 };
}
