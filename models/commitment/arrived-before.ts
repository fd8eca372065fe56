/** Promised material that arrived with former versions of a licence: the step that carried the rest over names it. */
import type { CommitmentStepColumns } from './rows.ts';

export interface ArrivedBefore {
  /** Of the version with which it arrived, and where it stays on record. */
  readonly licenceId: string;
  readonly name: string;
  readonly dueOn: string;
  readonly arrivedAt: string;
  readonly sm3: string | null;
}

export function arrivedBeforeOf(
  steps: readonly Pick<CommitmentStepColumns, 'act' | 'details'>[],
): readonly ArrivedBefore[] {
  return steps.flatMap(({ act, details }) => (act === 'carry' ? (details.arrived as readonly ArrivedBefore[]) : []));
}
