/** How a machine stands at this moment: what waits, for how long, and what was refused. */
import { countAwaiting, type FrontEndMachine } from '../../models/exchange-state/index.ts';
import type { House } from '../../models/house.ts';
import { openFrontEnd } from './connection.ts';
import { nameError } from './name-error.ts';
import { findProfile } from './profiles.ts';
import { AWAITING } from './receipts.ts';

export interface MachineFigures {
  /** Rows not answered yet. */
  readonly depth: number;
  /** Age of the oldest of them; a department's clock may be ahead. */
  readonly lagSeconds: number;
  /** Rows refused and not corrected by a higher revision since. */
  readonly refused: number;
  /** Accepted licences that still wait for review or sealing. */
  readonly awaiting: number;
}

/** Figures, or what stood in the way. */
export async function measureMachine(
  house: House,
  machine: FrontEndMachine,
): Promise<MachineFigures | { readonly error: string }> {
  try {
    const connection = openFrontEnd(machine.url);
    try {
      const { depth, oldest, refused } = await findProfile(machine.profile).measure(connection);
      const now = house.clock().getTime();
      const lagSeconds = Math.max(0, Math.round((now - (oldest?.getTime() ?? now)) / 1000));
      return { depth, lagSeconds, refused, awaiting: await countAwaiting(house, machine.name, AWAITING) };
    } finally {
      await connection.close();
    }
  } catch (error) {
    return { error: nameError(error) };
  }
}
