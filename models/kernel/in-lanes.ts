/** Work on a list, several at a time, each lane taking the next when it is free. */

/** Results in the order of the items. The first failure ends it, after those under way have finished. */
export async function inLanes<T, R>(
  items: readonly T[],
  lanes: number,
  act: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const next = items.entries();
  let failed = false;
  const lane = async () => {
    for (const [index, item] of next) {
      if (failed) return;
      try {
        results[index] = await act(item, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(lanes, items.length) }, lane));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return results;
}
