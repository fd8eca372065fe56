/** Who is told of inspections: each holder of a licence for itself, the department once a window. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { tellRecipients } from '../notice/index.ts';
import { readRows } from '../store/bulk-read.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { InspectionColumns } from './rows.ts';

type Kind = 'inspection.due' | 'inspection.missed';
type Window = Pick<InspectionColumns, 'catalogueCode' | 'issuingBody' | 'year' | 'opensOn' | 'closesOn'>;

/** @param stage what of it: the same is told once */
export async function tellHolders(
  house: House,
  tx: Tx,
  inspections: readonly InspectionColumns[],
  kind: Kind,
  stage: string,
): Promise<void> {
  if (inspections.length === 0) return;
  const holders = await readRows(house.db.rows.licenceHolders, {
    where: { licenceId: { [Op.in]: inspections.map(({ licenceId }) => licenceId) } },
    attributes: ['licenceId', 'holderId'],
    tx,
  });
  const byLicence = new Map(inspections.map((inspection) => [inspection.licenceId, inspection]));
  const notices = holders.flatMap(({ licenceId, holderId }) => {
    const inspection = byLicence.get(licenceId);
    if (!inspection) return [];
    const { id, catalogueCode, year, opensOn, closesOn, legalBasis } = inspection;
    const facts = { licenceId, catalogueCode, year, opensOn, closesOn, legalBasis };
    return [{ to: `holder:${holderId}` as const, kind, subjectId: id, stage, facts }];
  });
  await tellRecipients(house, tx, notices);
}

/** For the department: the licences themselves stand in its list. */
export function windowNotice(
  { catalogueCode, issuingBody, year, opensOn, closesOn }: Window,
  kind: Kind,
  stage: string,
) {
  const facts = { catalogueCode, year, opensOn, closesOn };
  return { to: `body:${issuingBody}` as const, kind, subjectId: `${catalogueCode}:${year}`, stage, facts };
}

/** One a window, however many of its inspections are given. */
export function windowNotices(inspections: readonly Window[], kind: Kind, stage: string) {
  const notices = inspections.map((inspection) => windowNotice(inspection, kind, stage));
  return [...new Map(notices.map((notice) => [notice.subjectId, notice])).values()];
}
