/** Find intents that nobody is working on any more and void them: at start, and every minute. */
import type { Caller, House } from '../house.ts';
import { isDeadOwner } from '../kernel/process-owner.ts';
import { sweepSealUses } from '../seal/seal-use.ts';
import { voidIntent } from './void-intent.ts';

/** Longer than any sealing may take. */
const ABANDONED_AFTER_MS = 60_000;

/** How many were voided. Uses of a seal for anything else are swept with them. */
export async function sweepIntents(house: House, caller: Caller): Promise<number> {
  const open = await house.db.rows.intents.findAll({ where: { state: 'intended' } });
  const now = house.clock().getTime();
  let voided = 0;
  for (const intent of open) {
    const abandoned = now - intent.intendedAt.getTime() > ABANDONED_AFTER_MS;
    if (!abandoned && !isDeadOwner(intent.owner)) continue;
    const reason = abandoned ? 'not confirmed in time' : 'the process that held it ended';
    if (await voidIntent(house, caller, intent.id, reason)) voided += 1;
  }
  await sweepSealUses(house);
  return voided;
}
