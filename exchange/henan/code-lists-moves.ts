/** What a difference between two states of a row asks for: Henan's tables tell no act, only where the licence stands. */
import type { LicenceStatus, StatusAct } from '../../models/licence/index.ts';
import { type HenanLicenceState, toLicenceState } from './code-lists.ts';

/** The act that leads to a state. Whether it is legal from where the licence stands is for the table of legal moves. */
const ACT_OF_STATE: Readonly<Record<HenanLicenceState, StatusAct>> = {
  11: 'resume',
  [-10]: 'suspend',
  [-4]: 'expire',
  [-5]: 'void',
};

/** The act by which a licence of this status comes to the state of its row; undefined: it stands there already. */
export function findAct(status: LicenceStatus, state: HenanLicenceState): StatusAct | undefined {
  if (toLicenceState(status) === state) return undefined;
  // 11 was written ahead of the first day: the date decides, nothing has to be done.
  if (status === 'not-yet-effective' && state === 11) return undefined;
  return ACT_OF_STATE[state];
}
