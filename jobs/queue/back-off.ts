/** How long a failed job waits: doubling, up to a limit, with up to a quarter of jitter so that many do not return at once. */
import type { RandomBytes } from '../../models/kernel/ids.ts';

export interface BackOff {
  readonly firstMs: number;
  readonly longestMs: number;
}

export const USUAL_BACK_OFF: BackOff = { firstMs: 5_000, longestMs: 15 * 60_000 };

/** @param failures 1 after the first failed run */
export function backOffMs({ firstMs, longestMs }: BackOff, failures: number, random: RandomBytes): number {
  const delay = Math.min(firstMs * 2 ** Math.min(failures - 1, 30), longestMs);
  return Math.round(delay * (1 + (random(1)[0] ?? 0) / 1024));
}
