/** Leases are renewed while their workers live; what the dead held goes back into its line. */
import { Op } from 'sequelize';
import { isDeadOwner } from '../../kernel/process-owner.ts';
import type { Database } from '../database.ts';
import { withTransaction } from '../with-transaction.ts';
import type { Claim } from './line.ts';

/** Those that are held still; the others were lost. */
export async function renewLeases(db: Database, claims: readonly Claim[], lockedUntil: Date): Promise<Set<string>> {
  const { queueJobs } = db.rows;
  const owner = [...new Set(claims.map((claim) => claim.owner))];
  const where = { id: claims.map(({ id }) => id), owner, state: 'running' as const };
  return withTransaction(db, async (tx) => {
    await queueJobs.update({ lockedUntil }, { where, transaction: tx });
    const held = await queueJobs.findAll({ where, attributes: ['id'], transaction: tx });
    return new Set(held.map(({ id }) => id));
  });
}

/** A job whose workers keep dying would kill them all: after so many it is given up. */
export const MOST_TAKEOVERS = 10;

/** Leases that have ended, and those of processes of this host that have. How many jobs wait again. */
export async function freeLostJobs(db: Database, now: Date): Promise<number> {
  const { queueJobs } = db.rows;
  const where = { state: 'running' as const };
  const held = await queueJobs.findAll({ where, attributes: ['id', 'owner', 'takeovers', 'lockedUntil'] });
  const dead = new Set(held.flatMap(({ owner }) => (owner && isDeadOwner(processOf(owner)) ? [owner] : [])));
  const lost = held.filter((row) => dead.has(row.owner ?? '') || (row.lockedUntil ?? now) <= now);
  if (lost.length === 0) return 0;
  return withTransaction(db, async (tx) => {
    let freed = 0;
    for (const { id, owner, takeovers } of lost) {
      const again = takeovers < MOST_TAKEOVERS;
      const ending = again
        ? { state: 'waiting' as const }
        : { state: 'failed' as const, endedAt: now, lastError: 'every worker that took it died' };
      // Renewed since it was read: not lost.
      const ended = dead.has(owner ?? '')
        ? {}
        : { [Op.or]: [{ lockedUntil: null }, { lockedUntil: { [Op.lte]: now } }] };
      const [changed] = await queueJobs.update(
        { ...ending, takeovers: takeovers + 1, lockedUntil: null, owner: null },
        { where: { ...where, id, owner, ...ended }, transaction: tx },
      );
      if (again) freed += changed;
    }
    return freed;
  });
}

/** The owner of a claim is its process and the claim's own name. */
function processOf(owner: string): string {
  return owner.split('#')[0] ?? owner;
}
