/** Whom and what an entry of the access log concerns. An entry has one licence and one holder in columns of its own; any
 *  further ones stand in its `details`, under the chain, and in `audit_subjects`, where the search finds them. */
import { QueryTypes } from 'sequelize';
import type { House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { AuditColumns, AuditSubjectColumns } from './rows.ts';

type Concerned = Pick<AuditColumns, 'seq' | 'licenceId' | 'holderIndex' | 'details'>;

/** The rows of `audit_subjects` that belong to an entry; none for most. */
export function subjectsOf({ seq, licenceId, holderIndex, details }: Concerned): AuditSubjectColumns[] {
  const rows = (kind: AuditSubjectColumns['kind'], list: unknown, own: string | null) =>
    [...new Set(Array.isArray(list) ? list.map(String) : [])]
      .filter((value) => value !== own)
      .map((value) => ({ kind, value, seq }));
  return [...rows('licence', details.licenceIds, licenceId), ...rows('holder', details.holderIndexes, holderIndex)];
}

/** Blind indexes of all holders of these licences. */
export async function findHolderIndexes(house: House, tx: Tx, licenceIds: readonly string[]): Promise<string[]> {
  if (licenceIds.length === 0) return [];
  const rows = await house.db.sequelize.query<{ number_index: string }>(
    `SELECT DISTINCT holders.number_index FROM licence_holders
     JOIN holders ON holders.id = licence_holders.holder_id
     WHERE licence_holders.licence_id IN (:licenceIds) ORDER BY holders.number_index`,
    { replacements: { licenceIds: [...licenceIds] }, type: QueryTypes.SELECT, transaction: tx },
  );
  return rows.map(({ number_index: index }) => index);
}
