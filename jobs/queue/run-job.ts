/** Run a handler in its lane, and say in one of four words how it ended: the same on every engine. */
import { inLane } from '../../models/kernel/lane.ts';
import { Unrecoverable } from '../../models/store/index.ts';
import type { Handler, QueueJob } from './queue.ts';

export type Ending =
  | { readonly kind: 'done' }
  /** It was told to stop, and did not come to its end. */
  | { readonly kind: 'handed-back' }
  | { readonly kind: 'retry' | 'failed'; readonly error: Error };

export async function runJob(handler: Handler, job: QueueJob, mostAttempts: number): Promise<Ending> {
  try {
    await inLane(job.lane, () => handler(job));
    return { kind: 'done' };
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    if (error instanceof Unrecoverable) return { kind: 'failed', error };
    if (job.signal.aborted) return { kind: 'handed-back' };
    return { kind: job.attempt >= mostAttempts ? 'failed' : 'retry', error };
  }
}
