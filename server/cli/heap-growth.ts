/** How V8 is told to run our processes. Sealed files pass through the main thread as memory outside its heap; left alone, V8
 *  answers them with a full collection of the heap every 8 MB, some 25 licences, for nothing. */

/** The heap may grow to three times what the last full collection left. */
export const HEAP_GROWTH = '--heap-growing-percent=200';
