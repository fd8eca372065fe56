/** The rows of one claim, applied in rounds: the rows of a key one after another, all keys side by side. A row that cannot be
 *  finished now holds back those after it. */
import { AppliedMeanwhile, findApplied } from '../../models/exchange-state/index.ts';
import { applyEach } from './apply-each.ts';
import { applyLicences } from './apply-licences.ts';
import { groupBy } from './group-by.ts';
import { judgeFirst } from './judge-first.ts';
import type { FrontEndProfile, FrontEndRow, MachinePass } from './profile.ts';
import type { Outcomes } from './row-outcome.ts';

/** Another pass may apply the same rows at the same moment; then we look again at what is left. */
const TRIES = 4;

/** One row of each key. */
export interface Round {
  readonly outcomes: Outcomes;
  /** No further row of these keys was claimed with them. */
  readonly isLast: boolean;
}

/** Gives the outcomes of a round at a time. Whoever asks for the next must have laid the receipts of the round before in the
 *  department's hands: what is kept of a key is its last revision, so a receipt that got lost can be told again only as long
 *  as no later revision is applied.
 *  @param held keys of which an earlier row waits; keys that are held back now are added */
export async function* applyInRounds(
  pass: MachinePass,
  profile: FrontEndProfile,
  rows: readonly FrontEndRow[],
  held: Set<string>,
): AsyncGenerator<Round, void, void> {
  let queues = [...groupBy(rows, ({ businessKey }) => businessKey).values()].map(inOrder);
  const waiting = rows.filter((row) => held.has(row.businessKey));
  if (waiting.length > 0) yield { outcomes: new Map(waiting.map((row) => [row, { kind: 'waits' }])), isLast: false };
  queues = queues.filter(([first]) => first && !held.has(first.businessKey));
  while (queues.length > 0) {
    const round = queues.flatMap((queue) => queue.slice(0, 1));
    const outcomes = await applyRound(pass, profile, round);
    queues = queues.flatMap((queue) => nextRows(queue, outcomes, held));
    yield { outcomes, isLast: queues.length === 0 };
  }
}

/** In order of revision, then of row number. */
function inOrder(rows: readonly FrontEndRow[]): FrontEndRow[] {
  const revision = (row: FrontEndRow) => (Number.isNaN(row.revision) ? 0 : row.revision);
  return [...rows].sort((a, b) => revision(a) - revision(b) || Number(a.rowId) - Number(b.rowId));
}

/** What is left of a key once its first row is through; nothing when it is held back. */
function nextRows(queue: readonly FrontEndRow[], outcomes: Outcomes, held: Set<string>): FrontEndRow[][] {
  const [first, ...rest] = queue;
  const outcome = first && outcomes.get(first);
  if (!first || !outcome) throw new Error('a row was left without an outcome');
  if (outcome.kind !== 'waits' && outcome.kind !== 'deferred') return rest.length > 0 ? [rest] : [];
  held.add(first.businessKey);
  for (const row of rest) outcomes.set(row, outcome.kind === 'waits' ? { kind: 'waits' } : outcome);
  return [];
}

/** Rows of different keys. */
async function applyRound(
  pass: MachinePass,
  profile: FrontEndProfile,
  round: readonly FrontEndRow[],
): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  for (let attempt = 1; ; attempt += 1) {
    const left = round.filter((row) => !outcomes.has(row));
    try {
      const known = await findApplied(pass.house, left);
      const open = await judgeFirst(pass, profile, left, known, outcomes);
      if (open.length === 0) return outcomes;
      if (open[0]?.kind === 'licence') await applyLicences(pass, profile, open, known, outcomes);
      else await applyEach(pass, profile, open, outcomes);
      return outcomes;
    } catch (error) {
      if (error instanceof AppliedMeanwhile && attempt < TRIES) continue;
      // The city itself is in trouble: nothing of what is left was applied.
      for (const row of left) if (!outcomes.has(row)) outcomes.set(row, { kind: 'deferred', error });
      return outcomes;
    }
  }
}
