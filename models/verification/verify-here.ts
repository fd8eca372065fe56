/** A verifier without threads: for the command line's few files, and for tests. It has no limit of time. */
import { judgeTask } from './judge-task.ts';
import type { Verifier } from './verifier.ts';

export function makeVerifierHere(): Verifier {
  return {
    judge: async (task) => judgeTask(task),
    close: () => Promise.resolve(),
  };
}
