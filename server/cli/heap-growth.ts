/** How V8 is told to run our processes. Sealed files pass through the main thread as memory outside its heap; left alone, V8
 *  answers them with a full collection of the heap every 8 MB, some 25 licences, for nothing. */

/** The heap may grow to three times what the last full collection left. */
export const HEAP_GROWTH = '--heap-growing-percent=200';

/** Of a process that only works: its memory stays flat whatever lies before it, and nobody waits for its collections. */
export const WORKER_HEAP_GROWTH = '--heap-growing-percent=80';
