/** All that lies new in one table of a machine: claimed in portions, applied, answered. While one portion is applied the next is
 *  claimed and the one before is answered; the order within a key is kept. */
import { appliedId, logRefusals, updateReceipts } from '../../models/exchange-state/index.ts';
import { applyInRounds } from './apply-batch.ts';
import { skewOf } from './arrival.ts';
import { RENEW_AFTER_MS } from './lease.ts';
import { nameError } from './name-error.ts';
import type { PassCounts } from './pass-counts.ts';
import type { FrontEndProfile, FrontEndRow, Hint, MachinePass, RowAnswer } from './profile.ts';
import { AWAITING } from './receipts.ts';
import { type Outcomes, refusalsOf } from './row-outcome.ts';

/** Rows of one portion; with them come the further rows of their keys. */
export const PORTION_ROWS = 500;

export interface TableWork {
  readonly pass: MachinePass;
  readonly profile: FrontEndProfile;
  readonly table: string;
  readonly counts: PassCounts;
  /** Enough for this pass once as many rows were answered as given back: the machine is too slow. What waits at the head of the
   *  table must not keep all behind it for ever. */
  isSlow(): boolean;
  /** Enough for this pass: its time is over. The next pass goes on. */
  isOver(): boolean;
  /** Nothing more is claimed at all: the process is to end. Otherwise every table has at least a portion. */
  isStopped(): boolean;
}

/** How far a table has come. */
interface Progress {
  /** What rows that wait act on. */
  readonly held: Set<string>;
  /** The receipts that are on their way, and their keys. */
  answered: Promise<void>;
  unanswered: ReadonlySet<string>;
  trouble: string | undefined;
  /** Rows answered, less those given back. */
  gain: number;
}

/** The first error of ours, if any, in words without content of rows. */
export async function workTable(work: TableWork): Promise<string | undefined> {
  const { pass, profile, table, counts } = work;
  if (work.isStopped()) return undefined;
  await profile.check(pass.connection, table);
  const progress: Progress = {
    ...{ held: new Set(), answered: Promise.resolve(), unanswered: new Set(), trouble: undefined, gain: 0 },
  };
  let claimed: ReturnType<typeof claim> | undefined = claim(work);
  try {
    for (;;) {
      const rows = (await claimed) ?? [];
      if (rows.length === 0) {
        await progress.answered;
        return progress.trouble;
      }
      counts.claimed += rows.length;
      noteSkew(work, rows);
      claimed = work.isOver() || work.isSlow() ? undefined : claim(work);
      await workPortion(work, rows, progress);
      if (claimed || progress.gain >= 0 || work.isOver()) continue;
      await progress.answered;
      claimed = claim(work);
    }
  } catch (error) {
    await Promise.allSettled([claimed, progress.answered]);
    // Other hosts need not wait for the end of the lease.
    await profile.release(pass, table, (owner) => owner === pass.owner).catch(() => undefined);
    throw error;
  }
}

async function workPortion(work: TableWork, rows: readonly FrontEndRow[], progress: Progress): Promise<void> {
  const { pass, profile } = work;
  if (rows.some(({ businessKey }) => progress.unanswered.has(businessKey))) await progress.answered;
  await withLease(work, async () => {
    for await (const { outcomes, isLast } of applyInRounds(pass, profile, rows, progress.held)) {
      await logRefusals(pass.house, pass.caller, refusalsOf(outcomes));
      await progress.answered;
      progress.answered = settle(work, outcomes);
      // Whoever waits for it comes later; until then its failure is nobody's.
      progress.answered.catch(() => undefined);
      progress.unanswered = new Set([...outcomes.keys()].map(({ businessKey }) => businessKey));
      progress.trouble = troubleOf(outcomes) ?? progress.trouble;
      progress.gain += gainOf(outcomes);
      if (!isLast) await progress.answered;
    }
  });
}

function claim({ pass, profile, table }: TableWork): Promise<readonly FrontEndRow[]> {
  const claimed = profile.claim(pass, table, PORTION_ROWS);
  claimed.catch(() => undefined);
  return claimed;
}

/** The claims of this pass are renewed as long as it is at work. */
async function withLease<T>({ pass, profile, table }: TableWork, act: () => Promise<T>): Promise<T> {
  const renewing = setInterval(() => {
    profile.renew(pass, table).catch((error: unknown) => {
      pass.house.log.warn({ frontEnd: pass.machine.name, error: nameError(error) }, 'a lease could not be renewed');
    });
  }, RENEW_AFTER_MS);
  renewing.unref();
  try {
    return await act();
  } finally {
    clearInterval(renewing);
  }
}

/** Receipts into the rows, and what is not finished back to new. */
async function settle({ pass, profile, counts }: TableWork, outcomes: Outcomes): Promise<void> {
  const answers: RowAnswer[] = [];
  const back: { row: FrontEndRow; hint?: Hint }[] = [];
  for (const [row, outcome] of outcomes) {
    if (outcome.kind === 'waits') back.push({ row, ...(outcome.hint ? { hint: outcome.hint } : {}) });
    else if (outcome.kind === 'deferred') {
      const { table, rowId, revision } = row;
      const words = { frontEnd: pass.machine.name, table, rowId, revision, error: outcome.error };
      pass.house.log.error(words, 'a row is left for the next pass');
      back.push({ row });
    } else answers.push({ row, receipt: outcome.receipt, files: outcome.files });
  }
  if (answers.length > 0) await profile.answer(pass, answers);
  await keepAwaiting(pass, answers);
  if (back.length > 0) await profile.giveBack(pass, back);
  // Counted once they are answered: what was not will be counted by the pass that answers it.
  for (const { kind } of outcomes.values()) counts[kind === 'waits' ? 'waiting' : kind] += 1;
}

/** What waits is followed by what is kept of its receipt. Another pass may have taken the licence further before the row was answered:
 *  it kept the newer receipt and found no answered row to write it into. What the department was told is kept, so that a later pass
 *  tells the rest. */
async function keepAwaiting({ house }: MachinePass, answers: readonly RowAnswer[]): Promise<void> {
  const codes: readonly string[] = AWAITING;
  const waiting = answers.filter(({ receipt }) => codes.includes(receipt.code));
  await updateReceipts(
    house,
    waiting.map(({ row, receipt }) => ({ id: appliedId(row), revision: row.revision, receipt })),
  );
}

function gainOf(outcomes: Outcomes): number {
  const back = [...outcomes.values()].filter(({ kind }) => kind === 'waits' || kind === 'deferred').length;
  return outcomes.size - 2 * back;
}

function troubleOf(outcomes: Outcomes): string | undefined {
  for (const outcome of outcomes.values()) if (outcome.kind === 'deferred') return nameError(outcome.error);
  return undefined;
}

function noteSkew({ pass, counts }: TableWork, rows: readonly FrontEndRow[]): void {
  const ahead = skewOf(pass, rows);
  if (ahead <= counts.aheadSeconds * 1000) return;
  counts.aheadSeconds = Math.round(ahead / 1000);
  pass.house.log.warn(
    { frontEnd: pass.machine.name, aheadSeconds: counts.aheadSeconds },
    'a department’s clock is ahead',
  );
}
