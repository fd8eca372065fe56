/** The newest inspection of a licence, as a consumer is told of it beside the status. */
import type { House } from '../house.ts';
import type { InspectionState } from './rows.ts';

export interface ToldInspection {
  readonly year: number;
  readonly state: InspectionState;
  readonly closesOn: string;
}

/** Null: its type is not inspected, or it has not been due yet. */
export async function findInspection(house: House, licenceId: string): Promise<ToldInspection | null> {
  const row = await house.db.rows.inspections.findOne({ where: { licenceId }, order: [['year', 'DESC']] });
  return row && { year: row.year, state: row.state, closesOn: row.closesOn };
}
