/** Go through the imports that are open, one step of each in turn, so that none waits for the end of another; what is under way
 *  when the process ends is taken up by the next one where it stood. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { House } from '../../models/house.ts';
import { claimImport, failImport, handBack, type ImportColumns, ImportLost } from '../../models/import/index.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { FAULTS } from '../../models/kernel/fault-codes.ts';
import { inLane } from '../../models/kernel/lane.ts';
import { advanceRows } from './advance-rows.ts';
import { changeStep } from './change-step.ts';
import { judgeStep } from './judge-step.ts';
import { layDownLines } from './read-import.ts';

const RETRY_MS = 60_000;

/** @param goOn asked between two steps; left out: until nothing is due. Gives the number of steps. */
export function workThroughImports(house: House, goOn: () => boolean = () => true): Promise<number> {
  return inLane('bulk', async () => {
    let steps = 0;
    while (goOn()) {
      const work = await claimImport(house);
      if (!work) break;
      await takeStep(house, work);
      steps += 1;
      // Whoever waits at the counter of this process comes in between.
      await nextTurn();
    }
    return steps;
  });
}

async function takeStep(house: House, work: ImportColumns): Promise<void> {
  try {
    const { next, runAt } = await step(house, work);
    if (next.state !== 'done') await handBack(house, next, runAt);
  } catch (error) {
    if (error instanceof ImportLost) return;
    await settle(house, work, error);
  }
}

async function step(
  house: House,
  work: ImportColumns,
): Promise<{ readonly next: ImportColumns; readonly runAt?: Date }> {
  if (work.state === 'reading') return { next: await layDownLines(house, work) };
  if (work.state === 'judging' && work.kind !== 'licence') return { next: await changeStep(house, work) };
  if (work.state === 'judging') return { next: await judgeStep(house, work) };
  return advanceRows(house, work);
}

/** A fault of the sheet ends the import; a fault of ours is tried again. */
async function settle(house: House, work: ImportColumns, error: unknown): Promise<void> {
  const ours = !(error instanceof Fault) || FAULTS[error.code].retry || error.kind === 'internal';
  if (ours) house.log.error({ importId: work.id, error }, 'an import could not go on');
  try {
    // Steps may have moved the lease: it is asked for anew.
    const row = await house.db.rows.imports.findByPk(work.id);
    if (!row || row.owner !== work.owner || row.state !== work.state) return;
    if (ours) await handBack(house, row.get(), new Date(house.clock().getTime() + RETRY_MS));
    else await failImport(house, row.get(), error as Fault);
  } catch (lost) {
    if (!(lost instanceof ImportLost)) throw lost;
  }
}
