/** Claims end by themselves: with their process, with their pass, or with their lease, whichever host holds them. */
import { isDeadOwner, processOwner } from '../../models/kernel/process-owner.ts';
import { readInstant } from './connection.ts';
import type { IsOver } from './profile.ts';

/** Longer than the work between two renewals. */
export const LEASE_MS = 5 * 60_000;
export const RENEW_AFTER_MS = 60_000;

const running = new Set<string>();

/** The claimer's name for one pass: host, process, pass. While the pass runs its claims are not given back here. */
export function beginLease(passId: string): string {
  const owner = `${processOwner()}#${passId}`;
  running.add(owner);
  return owner;
}

export function endLease(owner: string): void {
  running.delete(owner);
}

/** A dead process of this host, a pass of this process that has ended without its rows (the machine went away under it), or,
 *  whoever it was, a claim older than its lease. A claim from the future is judged by its owner alone. */
export function overAt(now: Date): IsOver {
  return (owner, since) => {
    const at = readInstant(since);
    if (at === null || now.getTime() - at.getTime() > LEASE_MS) return !running.has(owner);
    const [process = ''] = owner.split('#');
    return isDeadOwner(process) || (process === processOwner() && !running.has(owner));
  };
}
