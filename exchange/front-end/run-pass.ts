/** One pass of the exchange: every active front-end machine is read. Machines are worked side by side; one that is down,
 *  slow or flooding keeps its error and its place, and never those of the others. */

import { endRun, type FrontEndMachine, openFrontEndList, startRun } from '../../models/exchange-state/index.ts';
import { type House, houseCaller } from '../../models/house.ts';
import { inLanes } from '../../models/kernel/in-lanes.ts';
import { inLane } from '../../models/kernel/lane.ts';
import { type FrontEndConnection, openFrontEnd, PATIENCE, type Patience } from './connection.ts';
import { followAwaiting } from './follow-awaiting.ts';
import { groupBy } from './group-by.ts';
import { beginLease, endLease, overAt } from './lease.ts';
import { groupOf } from './machine-groups.ts';
import { alteredFault, nameError } from './name-error.ts';
import { noCounts, type PassCounts } from './pass-counts.ts';
import type { FrontEndProfile, MachinePass } from './profile.ts';
import { findProfile } from './profiles.ts';
import { tellCatalogueCodes } from './tell-catalogue-codes.ts';
import { tellHeld } from './tell-held.ts';
import { watchPace } from './watch-pace.ts';
import { type TableWork, workTable } from './work-table.ts';

export interface PassResult {
  readonly frontEnd: string;
  readonly counts: PassCounts;
  /** What stood in the way; undefined when the machine was read to the end. */
  readonly error?: string;
}

export interface PassOptions {
  /** With a department's database. */
  readonly patience?: Patience;
  /** When it is given, portions under way are finished and no further one is claimed. */
  readonly signal?: AbortSignal;
  /** Told when rows of a portion are recorded: there may be something to send on. */
  readonly onPortion?: () => void;
}

/** @throws Fault `NOT_FOUND` for a machine that is not registered */
export async function runPass(house: House, frontEndName?: string, options: PassOptions = {}): Promise<PassResult[]> {
  const machines = (await openFrontEndList(house, frontEndName)).filter(({ state }) => state === 'active');
  const results: PassResult[] = [];
  const work = async (machine: FrontEndMachine) => {
    results.push(await inLane('bulk', () => passMachine(house, machine, options)));
  };
  const ofGroup = groupBy(machines, groupOf);
  await Promise.all([...ofGroup].map(([{ places }, members]) => inLanes(members, places, work)));
  return results.sort((a, b) => (a.frontEnd < b.frontEnd ? -1 : 1));
}

async function passMachine(house: House, machine: FrontEndMachine, options: PassOptions): Promise<PassResult> {
  const frontEnd = machine.name;
  const run = await startRun(house, frontEnd);
  const counts = noCounts();
  const { error, waiting } = await readMachine(house, machine, run.id, counts, options).catch(
    (cause: unknown): Reading => {
      house.log.error({ frontEnd, error: nameError(cause) }, 'a front-end machine could not be read');
      return { error: nameError(cause), waiting: undefined };
    },
  );
  await endRun(house, run, { ...counts }, error, waiting);
  return error === undefined ? { frontEnd, counts } : { frontEnd, counts, error };
}

interface Reading {
  /** The first trouble, if any. */
  readonly error: string | undefined;
  /** When the oldest row without an answer was pushed; null: none waits; undefined: it could not be asked. */
  readonly waiting: Date | null | undefined;
}

async function readMachine(
  house: House,
  machine: FrontEndMachine,
  runId: string,
  counts: PassCounts,
  { patience = PATIENCE, signal, onPortion }: PassOptions,
): Promise<Reading> {
  const pace = watchPace(openFrontEnd(machine.url, { patience }));
  const owner = beginLease(runId);
  const caller = houseCaller(`exchange-${runId}`, machine.organisationCode);
  const pass: MachinePass = {
    house,
    machine,
    connection: pace.connection,
    caller,
    owner,
    ...(onPortion ? { onPortion } : {}),
  };
  try {
    const profile = findProfile(machine.profile);
    const isStopped = () => signal?.aborted === true;
    const isOver = () => isStopped() || pace.isOver();
    const error = await workMachine(pass, profile, counts, { isStopped, isOver, isSlow: pace.isSlow });
    return { error, waiting: await findOldest(pass, profile) };
  } finally {
    endLease(owner);
    await closeQuietly(pace.connection);
  }
}

async function workMachine(
  pass: MachinePass,
  profile: FrontEndProfile,
  counts: PassCounts,
  bounds: Pick<TableWork, 'isSlow' | 'isOver' | 'isStopped'>,
): Promise<string | undefined> {
  const troubles: string[] = [];
  /** A table that was altered stops nobody else; a machine that does not answer is not asked again in this pass. */
  const attempt = async (table: string, act: () => Promise<string | undefined>) => {
    try {
      const trouble = await act();
      if (trouble) troubles.push(trouble);
    } catch (error) {
      const altered = alteredFault(table, error);
      if (!altered) throw error;
      pass.house.log.error({ frontEnd: pass.machine.name, table, error: altered.detail }, 'a table was altered');
      troubles.push(nameError(altered));
    }
  };
  const over = overAt(pass.house.clock());
  for (const { name } of profile.tables)
    await attempt(name, async () => {
      counts.released += await profile.release(pass, name, over);
      return undefined;
    });
  await attempt('receipts', async () => {
    counts.updated += await followAwaiting(pass, profile);
    return undefined;
  });
  for (const { name } of profile.tables)
    await attempt(name, () => workTable({ pass, profile, table: name, counts, ...bounds }));
  await attempt('files', async () => {
    counts.refused += await profile.tidy(pass);
    return undefined;
  });
  await attempt('catalogue', async () => {
    counts.updated += await tellCatalogueCodes(pass, profile);
    counts.updated += await tellHeld(pass, profile);
    return undefined;
  });
  return troubles[0];
}

/** What is read wrong in a table is told by the pass itself. */
async function findOldest({ connection }: MachinePass, profile: FrontEndProfile): Promise<Date | null | undefined> {
  return profile.measure(connection).then(
    ({ oldest }) => oldest,
    () => undefined,
  );
}

/** A connection that is broken cannot be closed in good order either. */
async function closeQuietly(connection: FrontEndConnection): Promise<void> {
  await connection.close().catch(() => undefined);
}
