/** When part of a row cannot be read, the rest is judged all the same: a department mends everything in one go. */
import { Fault, type PointedFault } from '../../models/kernel/fault.ts';
import { acceptSubmission } from '../../models/licence/index.ts';
import type { MachineContext } from './machine-context.ts';

/** What else is wrong beside what could not be read. */
export async function findFurtherFaults(
  { house, caller }: MachineContext,
  body: unknown,
  known: readonly PointedFault[],
  replaces?: string,
): Promise<readonly PointedFault[]> {
  const unread = known.map(({ pointer }) => pointer);
  try {
    await acceptSubmission(house, caller, body, replaces);
    return [];
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    if (error.errors.length === 0) throw error;
    return error.errors.filter(
      ({ pointer }) => !unread.some((prefix) => pointer === prefix || pointer.startsWith(`${prefix}/`)),
    );
  }
}
