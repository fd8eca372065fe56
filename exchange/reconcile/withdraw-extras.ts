/** Have removed at the province what the city never had, and only as much of it as may be a mistake of single records. When much is
 *  there alone it is rather the city that has lost something (an old backup restored, another database), and the province holds
 *  the last copy: then nothing is withdrawn until an operator says so. */
import { type Alarm, noteWithdrawn } from '../../models/exchange-state/index.ts';
import type { Caller, House } from '../../models/house.ts';
import type { Roots } from './find-differing.ts';
import type { Judged } from './judge-differences.ts';
import { MOST_WITHDRAWN, type ProvinceTree } from './province-tree.ts';
import type { Tally } from './tally.ts';

export interface Extra {
  readonly kind: string;
  readonly subject: string;
  readonly sequence: number;
  readonly digest: string;
}

interface Run {
  readonly house: House;
  readonly caller: Caller;
  readonly comparisonId: string;
  readonly tally: Tally;
  readonly extras: Extra[];
}

/** Withdrawn unasked of a department, and altogether: so many, or this share of what the city itself holds if that is more. */
const MOST_UNASKED = 20;
const SHARE_UNASKED = 0.001;

const mostOf = (held: number) => Math.max(MOST_UNASKED, Math.floor(held * SHARE_UNASKED));
const mostAltogether = (ours: Roots['ours']) => mostOf(ours.reduce((sum, { count }) => sum + count, 0));

/** @param ours bounds what is kept in memory: of what will not be withdrawn anyway no more is needed */
export function keepExtras({ extras }: Run, found: readonly Judged[], ours: Roots['ours']): void {
  if (extras.length > mostAltogether(ours)) return;
  for (const { kind, theirs } of found) if (theirs) extras.push({ kind, ...theirs });
}

/** The departments of which too much is there alone, with how much; of all, when it is too much altogether. Empty: it may be
 *  withdrawn. */
export function judgeBrake(ours: Roots['ours'], { departments }: Tally): Alarm[] {
  const held = new Map(ours.map(({ key, count }) => [key.slice(0, -1), count]));
  const alone = [...departments].flatMap(([body, { extra }]) => (extra > 0 ? [{ body, extra }] : []));
  const altogether = alone.reduce((sum, { extra }) => sum + extra, 0);
  const isTooMuch = altogether > mostAltogether(ours);
  return alone
    .filter(({ body, extra }) => isTooMuch || extra > mostOf(held.get(body) ?? 0))
    .map(({ body, extra }) => ({ subject: `extra:${body}`, details: { kind: 'extra', body, count: extra } }));
}

/** What was kept: exactly these states, and each on the log. Throws `PROVINCE_UNAVAILABLE`. */
export async function withdrawExtras(run: Run, tree: ProvinceTree): Promise<void> {
  const { house, caller, comparisonId, tally } = run;
  const extras = run.extras.splice(0);
  for (let from = 0; from < extras.length; from += MOST_WITHDRAWN) {
    const part = extras.slice(from, from + MOST_WITHDRAWN);
    const outcomes = await tree.withdraw(part.map(({ subject, sequence, digest }) => ({ subject, sequence, digest })));
    const asked = part.map((one) => ({ ...one, outcome: outcomes.get(one.subject) ?? 'differs' }));
    await noteWithdrawn(house, caller, comparisonId, asked);
    for (const { subject, outcome } of asked) if (outcome !== 'differs') tally.repaired(subject, 'withdrawn');
  }
}
