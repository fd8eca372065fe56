/** Keep in mind when a licence type is inspected next; called by what saves a catalogue entry, in its transaction. */
import type { CatalogueColumns } from '../catalogue/rows.ts';
import type { House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { putRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { nextOpening } from './policy.ts';

/** A window that is open already stays as it was opened. */
export async function planInspection(
  house: House,
  tx: Tx,
  { code, issuingBody, definition }: Pick<CatalogueColumns, 'code' | 'issuingBody' | 'definition'>,
): Promise<void> {
  const { inspectionPlans } = house.db.rows;
  const { inspection: policy } = definition;
  if (!policy) {
    await inspectionPlans.destroy({ where: { id: code }, transaction: tx });
    return;
  }
  const plan = { id: code, issuingBody, policy, nextOn: nextOpening(policy, toShanghaiDate(house.clock())) };
  await putRows(house.db, tx, inspectionPlans, 'id', [plan]);
}
