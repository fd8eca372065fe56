/** The issuing body learns what became of its submissions: its systems by the subscriptions that ask for it, its people by a
 *  notice where something is left to do. */
import type { House } from '../house.ts';
import { tellRecipients } from '../notice/index.ts';
import type { Tx } from '../store/with-transaction.ts';
import { type LicenceStepName, tellSteps } from '../subscription/index.ts';
import type { LicenceColumns } from './rows.ts';

/** @param rows as they are after the step */
export async function tellStep(
  house: House,
  tx: Tx,
  step: LicenceStepName,
  rows: readonly LicenceColumns[],
): Promise<void> {
  const at = house.clock().toISOString();
  const told = rows.map(({ id: licenceId, issuingBody, catalogueCode, state, caseNumber, identifier }) => ({
    ...{ organisationCode: issuingBody, catalogueCode, step },
    facts: { licenceId, issuingBody, catalogueCode, state, caseNumber, identifier, at },
  }));
  await tellSteps(house, tx, told);
  if (step !== 'returned') return;
  const notices = rows.map(({ id: licenceId, issuingBody, catalogueCode, caseNumber }) => ({
    ...({ to: `body:${issuingBody}`, kind: 'licence.returned', subjectId: licenceId, stage: at } as const),
    facts: { catalogueCode, caseNumber },
  }));
  await tellRecipients(house, tx, notices);
}
