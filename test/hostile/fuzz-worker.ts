/** A thread that fuzzes one reader under a bound of memory. It lays each input where its parent can see it before it runs. */
import { parentPort, workerData } from 'node:worker_threads';
import { explore } from './fuzz/explore.ts';
import type { ReaderName } from './fuzz/readers.ts';

export interface FuzzTask {
  readonly reader: ReaderName;
  readonly seed: number;
  readonly milliseconds: number;
  /** How many executions were begun; how long the input is; then the input. */
  readonly shared: SharedArrayBuffer;
}

const { shared, ...task } = workerData as FuzzTask;
const head = new Int32Array(shared, 0, 2);
const room = new Uint8Array(shared, 8);

const progress = explore({
  ...task,
  before(bytes) {
    room.set(bytes.subarray(0, room.length));
    Atomics.store(head, 1, Math.min(bytes.length, room.length));
    Atomics.add(head, 0, 1);
  },
});
parentPort?.postMessage(progress);
