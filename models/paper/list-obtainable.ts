/** Tell the desk, of every licence type its matter asks for, whether it can be had here. */
import { z } from 'zod';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { factsOf, openBoundUse } from '../sharing/within-use.ts';
import { findObtainable, type Obtainable } from './find-obtainable.ts';

export const obtainableSchema = z.strictObject({ useCode: z.string().min(10).max(64) });

/** Throws `USE_UNKNOWN`, `USE_EXPIRED`. */
export async function listObtainable(
  house: House,
  caller: Caller,
  { useCode }: z.infer<typeof obtainableSchema>,
): Promise<{ readonly items: readonly Obtainable[] }> {
  const bound = await openBoundUse(house, caller, 'paper.obtainable', useCode);
  const items = await findObtainable(house, bound);
  const told = Object.fromEntries(items.map(({ catalogueCode, why }) => [catalogueCode, why ?? 'obtainable']));
  const details = { useId: bound.use.id, told };
  await logAccess(house, caller, { ...factsOf(bound), act: 'paper.obtainable', details });
  return { items };
}
