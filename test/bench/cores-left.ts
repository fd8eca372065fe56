/** How many cores were left to a bench: all, less what other programs used meanwhile. On a quiet machine that is all. */
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';

/** Clock ticks a second in /proc, the same on every Linux. */
const TICKS = 100;

export interface CoreWatch {
  /** Since the watch began. */
  coresLeft(): number;
}

/** @param helpers process ids that work for the bench, such as a database server's */
export function watchCores(helpers: readonly number[]): CoreWatch {
  const own = () => ownMs() + helpers.reduce((sum, pid) => sum + processMs(pid), 0);
  const [busyBefore, ownBefore, startedAt] = [busyMs(), own(), performance.now()];
  return {
    coresLeft() {
      const others = busyMs() - busyBefore - (own() - ownBefore);
      const cores = availableParallelism();
      return Math.min(cores, Math.max(0.1, cores - others / (performance.now() - startedAt)));
    },
  };
}

function busyMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}

function ownMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function processMs(pid: number): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ');
    return ((Number(fields[11]) + Number(fields[12])) * 1000) / TICKS;
  } catch {
    return 0;
  }
}
