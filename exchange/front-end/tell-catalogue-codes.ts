/** The province gives each catalogue entry a code of its own (目录代码); the department that wrote the entry is told it once. */
import { findUntoldCodes, noteTold } from '../../models/exchange-state/index.ts';
import type { FrontEndProfile, MachinePass } from './profile.ts';

/** How many were told. */
export async function tellCatalogueCodes(pass: MachinePass, profile: FrontEndProfile): Promise<number> {
  const { house, machine } = pass;
  const answers = await findUntoldCodes(house, machine);
  if (answers.length === 0) return 0;
  // The rows first: should the process end here, the next pass writes them once more.
  await profile.answerCatalogue(pass, answers);
  await noteTold(house, machine, answers);
  return answers.length;
}
