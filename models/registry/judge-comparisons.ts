/** What comparisons with the registries mean for the issue: whatever differs or is not known stops it with every place
 *  named; while a registry does not answer it is held. Nothing passes that was not found to match. */
import { Fault, type PointedFault } from '../kernel/fault.ts';
import { type ComparedField, REGISTRIES } from './port.ts';
import type { ComparisonOutcome } from './rows.ts';

interface Compared {
  readonly outcome: ComparisonOutcome;
  readonly fields: readonly ComparedField[];
  readonly registry: string;
}

/** In the order of the holders. `REGISTRY_MISMATCH` with pointers (`/holders/0/name`), `REGISTRY_UNAVAILABLE` when nothing
 *  differs but not everybody could be compared, or undefined: it may be issued. */
export function judgeComparisons(comparisons: readonly Compared[]): Fault | undefined {
  const errors = comparisons.flatMap(({ outcome, fields }, place): PointedFault[] => {
    if (outcome === 'unknown') return [{ pointer: `/holders/${place}/number`, code: 'REGISTRY_UNKNOWN' }];
    if (outcome !== 'mismatch') return [];
    return fields.map((field) => ({ pointer: `/holders/${place}/${field}`, code: 'REGISTRY_MISMATCH' }));
  });
  if (errors.length > 0) return new Fault('REGISTRY_MISMATCH', { errors });
  const silent = comparisons.filter(({ outcome }) => outcome === 'unavailable').map(({ registry }) => registry);
  if (silent.length === 0) return undefined;
  const words = Object.values(REGISTRIES).filter((registry) => silent.includes(registry));
  return new Fault('REGISTRY_UNAVAILABLE', { detail: words.join(', ') });
}
