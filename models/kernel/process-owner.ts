/** Which process holds a thing (an intent, a claim), so that a dead process's holdings can be told: host, process id, its start, and
 *  where that id means anything. Containers may share a host's name and number their processes alike: only what ran under the same
 *  kernel since the same boot and in the same PID namespace is judged here. */
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

const STARTED_AT_MS = Math.round(Date.now() - process.uptime() * 1000);
const OWNER = /^(?<host>.*):(?<pid>\d+):\d+@(?<place>[0-9a-f]+\.\d+)$/;

/** Beginning of the boot's id, and number of the PID namespace; a number is given again only after all processes of the namespace
 *  before have ended. Undefined where the system tells neither: then nobody is judged. */
const PLACE = findPlace();
const OWN = `${hostname()}:${process.pid}:${STARTED_AT_MS}${PLACE ? `@${PLACE}` : ''}`;

/** Without `#`; claims append their own name to it after one. */
export function processOwner(): string {
  return OWN;
}

/** True when the owner ran where its process id can be looked up here, and no longer runs. Of others, and of owners of earlier
 *  versions, nothing is known here: what they hold is over with its lease. */
export function isDeadOwner(owner: string): boolean {
  if (owner === OWN) return false;
  const { host, pid, place } = OWNER.exec(owner)?.groups ?? {};
  if (PLACE === undefined || place !== PLACE || host !== hostname()) return false;
  if (Number(pid) === process.pid) return true;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function findPlace(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'ascii').replaceAll('-', '').trim().slice(0, 16);
    const namespace = /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '';
    return OWNER.test(`:1:1@${boot}.${namespace}`) ? `${boot}.${namespace}` : undefined;
  } catch {
    return undefined;
  }
}
