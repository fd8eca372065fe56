/** What a refused act says: the Fault itself, and its faults as `pointer CODE` lines. */
import { Fault } from '../../models/kernel/fault.ts';

/** The Fault that an act ends in; fails when the act succeeds or ends in another error. */
export async function faultOf(act: Promise<unknown>): Promise<Fault> {
  const outcome = await act.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof Fault) return outcome;
  throw new Error('the act was not refused by a Fault', { cause: outcome });
}

/** `/fields/address FIELD_PATTERN`, in order. */
export function linesOf(fault: Pick<Fault, 'errors'>): string[] {
  return fault.errors.map(({ pointer, code }) => `${pointer} ${code}`);
}
