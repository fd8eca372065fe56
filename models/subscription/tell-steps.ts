/** Tell a body's own subscriptions of the steps its submissions take before they are issued. These are nobody else's
 *  business and stand in no feed; a subscription gets those it names among its acts. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertRows } from '../store/bulk-write.ts';
import type { Tx } from '../store/with-transaction.ts';
import { newDelivery } from './new-delivery.ts';

/** Approved by all who review it; returned by a reviewer; taken back by its department; sealed. */
export const LICENCE_STEPS = ['reviewed', 'returned', 'withdrawn', 'issued'] as const;
export type LicenceStepName = (typeof LICENCE_STEPS)[number];

export interface StepTold {
  readonly organisationCode: string;
  readonly catalogueCode: string;
  readonly step: LicenceStepName;
  /** Ids, codes and times; never names or numbers of persons. */
  readonly facts: Readonly<Record<string, string | null>>;
}

/** In the transaction that takes the steps. */
export async function tellSteps(house: House, tx: Tx, steps: readonly StepTold[]): Promise<void> {
  const bodies = [...new Set(steps.map(({ organisationCode }) => organisationCode))];
  if (bodies.length === 0) return;
  const where = { organisationCode: { [Op.in]: bodies }, state: 'active' as const };
  const { subscriptions, deliveries } = house.db.rows;
  const found = await readRows(subscriptions, { where, tx });
  const rows = found.flatMap(({ id, organisationCode, acts, catalogueCodes }) =>
    steps
      .filter((told) => told.organisationCode === organisationCode && acts?.includes(told.step))
      .filter((told) => catalogueCodes === null || catalogueCodes.includes(told.catalogueCode))
      .map(({ step, facts }) => newDelivery(house, id, { kind: 'step', content: { step, ...facts } })),
  );
  if (rows.length > 0) await insertRows(house.db, tx, deliveries, rows);
}
