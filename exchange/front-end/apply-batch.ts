/** The rows of one claim, applied in rounds: rows about the same thing one after another, all others side by side. A row that
 *  cannot be finished now holds back those after it. */
import { AppliedMeanwhile, findApplied } from '../../models/exchange-state/index.ts';
import { applyEach } from './apply-each.ts';
import { applyLicences } from './apply-licences.ts';
import { awaitEarlier } from './await-earlier.ts';
import { judgeFirst } from './judge-first.ts';
import type { FrontEndProfile, FrontEndRow, MachinePass } from './profile.ts';
import { keySubject, nameSubjects, queueRows, type Subjects } from './queue-rows.ts';
import type { Outcomes } from './row-outcome.ts';

type Known = Awaited<ReturnType<typeof findApplied>>;

/** Another pass may apply the same rows at the same moment; then we look again at what is left. */
const TRIES = 4;

/** One row of each queue. */
export interface Round {
  readonly outcomes: Outcomes;
  /** No further row that waits for them was claimed with them. */
  readonly isLast: boolean;
}

/** Gives the outcomes of a round at a time. Whoever asks for the next must have laid the receipts of the round before in the
 *  department's hands: what is kept of a key is its last revision, so a receipt that got lost can be told again only as long
 *  as no later revision is applied.
 *  @param held what rows that wait act on; what is held back now is added */
export async function* applyInRounds(
  pass: MachinePass,
  profile: FrontEndProfile,
  rows: readonly FrontEndRow[],
  held: Set<string>,
): AsyncGenerator<Round, void, void> {
  let known: Known | undefined;
  let subjects: Subjects;
  try {
    known = await findApplied(pass.house, rows);
    subjects = await nameSubjects(pass, rows, known);
  } catch (error) {
    for (const { businessKey } of rows) held.add(keySubject(businessKey));
    yield { outcomes: new Map(rows.map((row) => [row, { kind: 'deferred', error }])), isLast: true };
    return;
  }
  const hold = (row: FrontEndRow) => {
    for (const subject of subjects.get(row) ?? []) held.add(subject);
  };
  const all = queueRows(rows, subjects).map((queue) => {
    const from = queue.findIndex((row) => subjects.get(row)?.some((subject) => held.has(subject)));
    return from === -1 ? [queue, []] : [queue.slice(0, from), queue.slice(from)];
  });
  const waiting = all.flatMap(([, late = []]) => late);
  waiting.forEach(hold);
  if (waiting.length > 0) yield { outcomes: new Map(waiting.map((row) => [row, { kind: 'waits' }])), isLast: false };
  let queues = all.flatMap(([queue = []]) => (queue.length > 0 ? [queue] : []));
  while (queues.length > 0) {
    const round = queues.flatMap((queue) => queue.slice(0, 1));
    const outcomes = await applyRound(pass, profile, round, known);
    await awaitEarlier(pass, profile, outcomes);
    known = undefined;
    queues = queues.flatMap((queue) => nextRows(queue, outcomes, hold));
    yield { outcomes, isLast: queues.length === 0 };
  }
}

/** What is left of a queue once its first row is through; nothing when it is held back. */
function nextRows(
  queue: readonly FrontEndRow[],
  outcomes: Outcomes,
  hold: (row: FrontEndRow) => void,
): FrontEndRow[][] {
  const [first, ...rest] = queue;
  const outcome = first && outcomes.get(first);
  if (!first || !outcome) throw new Error('a row was left without an outcome');
  if (outcome.kind !== 'waits' && outcome.kind !== 'deferred') return rest.length > 0 ? [rest] : [];
  for (const row of queue) hold(row);
  for (const row of rest) outcomes.set(row, outcome.kind === 'waits' ? { kind: 'waits' } : outcome);
  return [];
}

/** Rows that have nothing to do with each other.
 *  @param found what is known of them, when it was looked up just now */
async function applyRound(
  pass: MachinePass,
  profile: FrontEndProfile,
  round: readonly FrontEndRow[],
  found: Known | undefined,
): Promise<Outcomes> {
  const outcomes: Outcomes = new Map();
  for (let attempt = 1; ; attempt += 1) {
    const left = round.filter((row) => !outcomes.has(row));
    try {
      const known = (attempt === 1 && found) || (await findApplied(pass.house, left));
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
