/** A licence of a case has arrived: the case is linked and its clock stops, at the moment of arrival. */
import type { House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';
import { recordCase } from './close-case.ts';
import { meetDeadline } from './open-deadline.ts';

export interface ArrivedLicence {
  readonly id: string;
  readonly issuingBody: string;
  readonly catalogueCode: string;
  readonly caseNumber: string | null;
  readonly closedAt: Date | null;
  readonly source: 'form' | 'sheet' | 'front-end' | 'api';
}

/** Without a notice the row's own closing time counts, so that lateness is recorded on arrival. */
export async function meetCase(house: House, tx: Tx, licence: ArrivedLicence): Promise<void> {
  const { caseNumber, catalogueCode, closedAt, issuingBody } = licence;
  if (!caseNumber) return;
  const { cases } = house.db.rows;
  if (closedAt) {
    const mode = licence.source === 'form' || licence.source === 'api' ? 'online' : 'offline';
    const notice = {
      caseNumber,
      catalogueCode,
      mode,
      closedAt: closedAt.toISOString(),
    } as const;
    await recordCase(house, tx, issuingBody, notice, 'arrival');
  }
  const row = await cases.findOne({ where: { issuingBody, caseNumber, catalogueCode }, transaction: tx, lock: true });
  if (!row || (row.licenceId && row.licenceId !== licence.id)) return;
  await row.update({ licenceId: licence.id }, { transaction: tx });
  await meetDeadline(house, tx, row.id, house.clock());
}
