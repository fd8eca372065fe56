/** A single change of an issued licence: one item of an act upon many, and the licence as it stands after it. */
import type { House, Remember } from '../house.ts';
import type { BulkOutcome, RememberAll } from './bulk-outcome.ts';
import type { ChangedLicence } from './record-steps.ts';
import { type LicenceView, viewLicence } from './view-licence.ts';

/** @param act upon many, given one item; the fault of that item is thrown
 *  @param remember is given the view inside the act's transaction */
export async function actOnOne<Done extends ChangedLicence>(
  house: House,
  act: (remember: RememberAll<Done>) => Promise<readonly BulkOutcome<Done>[]>,
  remember?: Remember<LicenceView>,
): Promise<LicenceView> {
  let view: LicenceView | undefined;
  const [outcome] = await act(async (tx, [one]) => {
    if (!one) return;
    view = await viewLicence(house, one.done.licence, tx);
    await remember?.(tx, view);
  });
  if (!outcome) throw new RangeError('one item, one outcome');
  if ('fault' in outcome) throw outcome.fault;
  return view ?? viewLicence(house, outcome.done.licence);
}
