/** What the work on one machine is given. */
import type { FrontEndMachine, Receipt } from '../../models/exchange-state/index.ts';
import { type Caller, type House, houseCaller } from '../../models/house.ts';
import type { FrontEndConnection } from './connection.ts';

export interface MachineContext {
  readonly house: House;
  readonly machine: FrontEndMachine;
  /** The repository, acting for the machine's body. */
  readonly caller: Caller;
  readonly connection: FrontEndConnection;
}

export function machineCaller(machine: FrontEndMachine, runId: string): Caller {
  return houseCaller(`exchange-${runId}`, machine.organisationCode);
}

/** What became of a row: answered, or it waits for something that the department still has to lay down. */
export type RowOutcome = { readonly receipt: Receipt } | { readonly waits: string };
