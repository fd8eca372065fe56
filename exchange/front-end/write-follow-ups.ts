/** Receipts that change after their rows were answered: into the department's rows, and into what the city keeps of them. */
import { updateReceipts } from '../../models/exchange-state/index.ts';
import type { FollowUp, FrontEndProfile, MachinePass } from './profile.ts';

export interface KeptFollowUp {
  /** Of the applied row. */
  readonly id: string;
  readonly followUp: FollowUp;
}

/** The rows first: should the process end between the two, the next pass writes them once more. And the rows last: one that another
 *  pass answered between the two has its older receipt, and nobody would look at it again. */
export async function writeFollowUps(
  pass: MachinePass,
  profile: FrontEndProfile,
  changed: readonly KeptFollowUp[],
): Promise<void> {
  if (changed.length === 0) return;
  const followUps = changed.map(({ followUp }) => followUp);
  await profile.followUp(pass, followUps);
  await updateReceipts(
    pass.house,
    changed.map(({ id, followUp: { revision, receipt } }) => ({ id, revision, receipt })),
  );
  await profile.followUp(pass, followUps);
}
