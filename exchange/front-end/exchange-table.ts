/** All that lies new in one table of a machine: claimed in batches, applied key by key in order, answered row by row. */
import { appliedId, updateReceipt } from '../../models/exchange-state/index.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { applyRow } from './apply-row.ts';
import { claimRows, putBack } from './claim-rows.ts';
import type { MachineContext } from './machine-context.ts';
import { type FrontEndRow, groupByKey, readMark } from './read-row.ts';
import { sideBySide } from './side-by-side.ts';
import type { FrontEndTable } from './tables.ts';
import { writeAnswer, writeHint } from './write-answer.ts';

export interface PassCounts {
  /** Claims given back that dead or stuck passes had left. */
  released: number;
  claimed: number;
  accepted: number;
  refused: number;
  /** Applied before; the lost receipt was written again. */
  replayed: number;
  /** Licences whose sealed files are not all there yet. */
  waiting: number;
  /** Left for the next pass after an error of ours. */
  deferred: number;
  /** Receipts that followed a review or a sealing. */
  updated: number;
}

export const noCounts = (): PassCounts => ({
  ...{ released: 0, claimed: 0, accepted: 0, refused: 0, replayed: 0, waiting: 0, deferred: 0, updated: 0 },
});

/** Different keys side by side: while one is sealed another is stored. */
export const KEYS_AT_ONCE = 4;

/** The first error of ours, if any, in words without content of rows. */
export async function exchangeTable(
  context: MachineContext,
  owner: string,
  table: FrontEndTable,
  counts: PassCounts,
): Promise<string | undefined> {
  const { connection, house, machine } = context;
  let trouble: string | undefined;
  for (;;) {
    const rows = await claimRows({ connection, owner, now: house.clock() }, table);
    if (rows.length === 0) return trouble;
    counts.claimed += rows.length;
    const groups = groupByKey(rows.map((row) => readMark(machine.name, table, row)));
    await sideBySide(groups, KEYS_AT_ONCE, async (group) => {
      trouble = (await exchangeKey(context, group, counts)) ?? trouble;
    });
  }
}

/** The rows of one key. When one cannot be finished now, those after it wait with it. */
async function exchangeKey(
  context: MachineContext,
  group: readonly FrontEndRow[],
  counts: PassCounts,
): Promise<string | undefined> {
  for (const [index, row] of group.entries()) {
    const rest = group.slice(index).map(({ rowId }) => Number(rowId));
    try {
      const answer = await applyRow(context, row);
      if (answer.kind === 'waits') {
        await writeHint(context, row, answer.hint);
        counts.waiting += rest.length;
        await putBack(context.connection, row.table, rest);
        return undefined;
      }
      await writeAnswer(context, row, answer.receipt, answer.aboutFiles);
      await keepReceipt(context, row, answer.receipt);
      counts[answer.kind] += 1;
    } catch (error) {
      const { table, rowId, revision } = row;
      context.house.log.error(
        { frontEnd: context.machine.name, table, rowId, revision, error },
        'a row is left for the next pass',
      );
      counts.deferred += rest.length;
      await putBack(context.connection, table, rest);
      return nameError(error);
    }
  }
  return undefined;
}

/** What is kept of a licence's row was written before it was sealed. */
async function keepReceipt(
  { house }: MachineContext,
  row: FrontEndRow,
  receipt: Parameters<typeof updateReceipt>[3],
): Promise<void> {
  if (row.table === 'zk_licence' && row.operation === 'upsert' && receipt.licenceId) {
    await updateReceipt(house, appliedId(row), row.revision, receipt);
  }
}

/** A message may quote values; code and name do not. */
export function nameError(error: unknown): string {
  if (error instanceof Fault) return error.code;
  const { code, name } = error as { code?: unknown; name?: unknown };
  return typeof code === 'string' ? code : String(name ?? 'Error');
}
