/** One pass of the exchange: every active front-end machine is read once. A machine that is down keeps its error and
 *  never stops the others. */
import { endRun, type FrontEndMachine, openFrontEndList, startRun } from '../../models/exchange-state/index.ts';
import type { House } from '../../models/house.ts';
import { beginClaims, endClaims, releaseClaims } from './claim-rows.ts';
import { openFrontEnd } from './connection.ts';
import { exchangeTable, nameError, noCounts, type PassCounts } from './exchange-table.ts';
import { followAwaiting } from './follow-awaiting.ts';
import { machineCaller } from './machine-context.ts';
import { refuseLoneFiles } from './refuse-lone-files.ts';
import { sideBySide } from './side-by-side.ts';

export interface PassResult {
  readonly frontEnd: string;
  readonly counts: PassCounts;
  /** Code of what stood in the way; undefined when the machine was read to the end. */
  readonly error?: string;
}

const MACHINES_AT_ONCE = 4;
/** Entries before what is issued under them, closing notices before the licences that meet them. Files go with licences. */
const ORDER = ['zk_catalogue', 'zk_case', 'zk_licence', 'zk_query'] as const;

/** @throws Fault `NOT_FOUND` for a machine that is not registered */
export async function runPass(house: House, frontEndName?: string): Promise<PassResult[]> {
  const machines = (await openFrontEndList(house, frontEndName)).filter(({ state }) => state === 'active');
  const results: PassResult[] = [];
  await sideBySide(machines, MACHINES_AT_ONCE, async (machine) => {
    results.push(await passMachine(house, machine));
  });
  return results.sort((a, b) => (a.frontEnd < b.frontEnd ? -1 : 1));
}

async function passMachine(house: House, machine: FrontEndMachine): Promise<PassResult> {
  const frontEnd = machine.name;
  const runId = await startRun(house, frontEnd);
  const counts = noCounts();
  const error = await readMachine(house, machine, runId, counts).catch((cause: unknown) => {
    house.log.error({ frontEnd, error: nameError(cause) }, 'a front-end machine could not be read');
    return nameError(cause);
  });
  await endRun(house, frontEnd, runId, { ...counts }, error);
  return error === undefined ? { frontEnd, counts } : { frontEnd, counts, error };
}

/** The first trouble, if any. */
async function readMachine(
  house: House,
  machine: FrontEndMachine,
  runId: string,
  counts: PassCounts,
): Promise<string | undefined> {
  const connection = openFrontEnd(machine.url);
  const owner = beginClaims(runId);
  try {
    const context = { house, machine, connection, caller: machineCaller(machine, runId) };
    for (const table of ORDER) counts.released += await releaseClaims({ connection, owner, now: house.clock() }, table);
    counts.updated = await followAwaiting(context);
    let trouble: string | undefined;
    for (const table of ORDER) trouble = (await exchangeTable(context, owner, table, counts)) ?? trouble;
    counts.refused += await refuseLoneFiles(context);
    return trouble;
  } finally {
    endClaims(owner);
    await connection.close();
  }
}
