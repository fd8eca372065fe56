/** Work through a list, several at a time, each taking the next when it is free. The first failure ends it, after those
 *  under way have finished. */
export async function sideBySide<T>(
  items: Iterable<T>,
  atOnce: number,
  act: (item: T) => Promise<void>,
): Promise<void> {
  const next = [...items].values();
  let failed = false;
  const work = async () => {
    for (const item of next) {
      if (failed) return;
      await act(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: atOnce }, work));
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
}
