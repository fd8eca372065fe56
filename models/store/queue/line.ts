/** A line of jobs: a topic and a lane. */
import type { Lane } from '../../kernel/lane.ts';

export interface Line {
  readonly topic: string;
  readonly lane: Lane;
}

/** A job in somebody's hands: only who holds this claim may settle it. */
export interface Claim {
  readonly id: string;
  readonly owner: string;
}
