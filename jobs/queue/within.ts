/** Wait for something, but not longer. */

/** False when the time was up first; a failure counts as an end. */
export async function within(milliseconds: number, awaited: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const ended = awaited.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([ended, timeUp]);
  } finally {
    clearTimeout(timer);
  }
}
