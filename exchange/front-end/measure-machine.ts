/** How a machine stands at this moment: what waits, for how long, and what was refused. */
import type { FrontEndMachine } from '../../models/exchange-state/index.ts';
import { openFrontEnd, readInstant } from './connection.ts';
import { nameError } from './exchange-table.ts';
import { FRONT_END_TABLES, ROW_STATES } from './tables.ts';

export interface MachineFigures {
  /** Rows not answered yet. */
  readonly depth: number;
  /** Age of the oldest of them. */
  readonly lagSeconds: number;
  /** Rows refused and not corrected by a higher revision since. */
  readonly refused: number;
  /** Accepted licences that still wait for review or sealing. */
  readonly awaiting: number;
}

/** Figures, or the code of what stood in the way. */
export async function measureMachine(
  machine: FrontEndMachine,
  now: Date,
): Promise<MachineFigures | { readonly error: string }> {
  try {
    const connection = openFrontEnd(machine.url);
    try {
      let [depth, refused, awaiting, oldest] = [0, 0, 0, now.getTime()];
      for (const table of FRONT_END_TABLES) {
        const [row] = await connection.query(
          `SELECT COUNT(*) AS waiting, MIN(pushed_at) AS oldest FROM ${table} WHERE state IN (${ROW_STATES.new}, ${ROW_STATES.claimed})`,
        );
        const [no] = await connection.query(
          `SELECT COUNT(*) AS refused FROM ${table} refused WHERE state = ${ROW_STATES.refused} AND NOT EXISTS
           (SELECT 1 FROM ${table} later WHERE later.business_key = refused.business_key AND later.revision > refused.revision)`,
        );
        depth += Number(row?.waiting ?? 0);
        refused += Number(no?.refused ?? 0);
        oldest = Math.min(oldest, readInstant(row?.oldest)?.getTime() ?? oldest);
      }
      const [open] = await connection.query(
        `SELECT COUNT(*) AS awaiting FROM zk_licence WHERE state = ${ROW_STATES.accepted} AND receipt_code IN ('AWAITING_REVIEW', 'AWAITING_SEAL')`,
      );
      awaiting = Number(open?.awaiting ?? 0);
      return { depth, lagSeconds: Math.round((now.getTime() - oldest) / 1000), refused, awaiting };
    } finally {
      await connection.close();
    }
  } catch (error) {
    return { error: nameError(error) };
  }
}
