/** What is told of an inspection. */
import type { House } from '../house.ts';
import type { InspectionColumns } from './rows.ts';

/** What the holder declared online. */
export interface InspectionStatement {
  readonly text: string;
  readonly facts: Readonly<Record<string, string>>;
}

export interface InspectionView
  extends Pick<
    InspectionColumns,
    | 'licenceId'
    | 'catalogueCode'
    | 'issuingBody'
    | 'year'
    | 'state'
    | 'opensOn'
    | 'closesOn'
    | 'onMissed'
    | 'legalBasis'
    | 'suspended'
    | 'reason'
  > {
  readonly inspectionId: string;
  readonly statement: InspectionStatement | null;
  readonly submittedAt: string | null;
  readonly settledAt: string | null;
}

export const STATEMENT = 'inspections.statement';

export function viewInspection(house: Pick<House, 'cipher'>, row: InspectionColumns): InspectionView {
  const { id, nextOn: _, settledBy: _by, createdAt: _at, statement, submittedAt, settledAt, ...facts } = row;
  return {
    inspectionId: id,
    ...facts,
    statement:
      statement === null ? null : (JSON.parse(house.cipher.decrypt(STATEMENT, statement)) as InspectionStatement),
    submittedAt: submittedAt?.toISOString() ?? null,
    settledAt: settledAt?.toISOString() ?? null,
  };
}
