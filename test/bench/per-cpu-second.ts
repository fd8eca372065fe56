/** Rates on one core: how often something is done in a second of processor time of this process (all of its threads, the
 *  collector of memory included), so that other programs on the machine bear on it as little as can be. */

const cpuMs = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
};

/** Repeat for `ms` milliseconds of processor time. */
export function perCpuSecond(ms: number, act: () => unknown): number {
  const started = cpuMs();
  let count = 0;
  let used = 0;
  while (used < ms) {
    for (let i = 0; i < 10; i += 1) act();
    count += 10;
    used = cpuMs() - started;
  }
  return (1000 * count) / used;
}

export interface TimedRate {
  readonly perSec: number;
  /** Wall time of each, milliseconds. */
  readonly latenciesMs: readonly number[];
}

/** The same for acts that give a promise, one after another; with the wall time of each. */
export async function perCpuSecondAsync(ms: number, act: (index: number) => unknown): Promise<TimedRate> {
  const started = cpuMs();
  const latenciesMs: number[] = [];
  let used = 0;
  while (used < ms) {
    // looking at the processor's clock takes time, too
    for (let i = 0; i < 20; i += 1) {
      const before = performance.now();
      const done = act(latenciesMs.length);
      if (done instanceof Promise) await done;
      latenciesMs.push(performance.now() - before);
    }
    used = cpuMs() - started;
  }
  return { perSec: (1000 * latenciesMs.length) / used, latenciesMs };
}
