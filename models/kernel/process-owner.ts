/** Which process holds a thing (an intent, a claim): host, process id and its start, so that a dead process's holdings can be told. */
import { hostname } from 'node:os';

const STARTED_AT_MS = Math.round(Date.now() - process.uptime() * 1000);

export function processOwner(): string {
  return `${hostname()}:${process.pid}:${STARTED_AT_MS}`;
}

/** True when the owner ran on this host and no longer runs. Of other hosts nothing is known here. */
export function isDeadOwner(owner: string): boolean {
  if (owner === processOwner()) return false;
  const [host, pid] = owner.split(':');
  if (host !== hostname()) return false;
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
