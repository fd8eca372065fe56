/** All that lies new in one table of a machine: claimed in portions, applied, answered. While one portion is applied the next is
 *  claimed and the one before is answered; the order within a key is kept. */
import { logRefusals } from '../../models/exchange-state/index.ts';
import { applyInRounds } from './apply-batch.ts';
import { skewOf } from './arrival.ts';
import { RENEW_AFTER_MS } from './lease.ts';
import { nameError } from './name-error.ts';
import type { PassCounts } from './pass-counts.ts';
import type { FrontEndProfile, FrontEndRow, Hint, MachinePass, RowAnswer } from './profile.ts';
import { type Outcomes, refusalsOf } from './row-outcome.ts';

/** Rows of one portion; with them come the further rows of their keys. */
export const PORTION_ROWS = 500;

export interface TableWork {
  readonly pass: MachinePass;
  readonly profile: FrontEndProfile;
  readonly table: string;
  readonly counts: PassCounts;
  /** Enough for this pass: the machine is too slow, or its time is over. The next pass goes on. */
  isEnough(): boolean;
  /** Nothing more is claimed at all: the process is to end. Otherwise every table has at least a portion. */
  isStopped(): boolean;
}

/** The first error of ours, if any, in words without content of rows. */
export async function workTable(work: TableWork): Promise<string | undefined> {
  const { pass, profile, table, counts } = work;
  if (work.isStopped()) return undefined;
  await profile.check(pass.connection, table);
  const held = new Set<string>();
  let trouble: string | undefined;
  let answered: Promise<void> = Promise.resolve();
  /** Keys whose receipts are on their way. */
  let unanswered: ReadonlySet<string> = new Set();
  let claimed = claim(work);
  try {
    for (;;) {
      const rows = await claimed;
      if (rows.length === 0) {
        await answered;
        return trouble;
      }
      counts.claimed += rows.length;
      noteSkew(work, rows);
      claimed = work.isEnough() ? Promise.resolve([]) : claim(work);
      if (rows.some(({ businessKey }) => unanswered.has(businessKey))) await answered;
      await withLease(work, async () => {
        for await (const { outcomes, isLast } of applyInRounds(pass, profile, rows, held)) {
          await logRefusals(pass.house, pass.caller, refusalsOf(outcomes));
          await answered;
          answered = settle(work, outcomes);
          // Whoever waits for it comes later; until then its failure is nobody's.
          answered.catch(() => undefined);
          unanswered = new Set([...outcomes.keys()].map(({ businessKey }) => businessKey));
          trouble = troubleOf(outcomes) ?? trouble;
          if (!isLast) await answered;
        }
      });
    }
  } catch (error) {
    await Promise.allSettled([claimed, answered]);
    // Other hosts need not wait for the end of the lease.
    await profile.release(pass, table, (owner) => owner === pass.owner).catch(() => undefined);
    throw error;
  }
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
  if (back.length > 0) await profile.giveBack(pass, back);
  // Counted once they are answered: what was not will be counted by the pass that answers it.
  for (const { kind } of outcomes.values()) counts[kind === 'waits' ? 'waiting' : kind] += 1;
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
