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

/** Blind indexes of the holders of each of these licences. */
export async function findHolderIndexes(
  house: House,
  tx: Tx,
  licenceIds: readonly string[],
): Promise<Map<string, string[]>> {
  const found = new Map<string, string[]>();
  if (licenceIds.length === 0) return found;
  const rows = await house.db.sequelize.query<{ licence_id: string; number_index: string }>(
    `SELECT licence_holders.licence_id, holders.number_index FROM licence_holders
     JOIN holders ON holders.id = licence_holders.holder_id
     WHERE licence_holders.licence_id IN (:licenceIds)`,
    { replacements: { licenceIds: [...new Set(licenceIds)] }, type: QueryTypes.SELECT, transaction: tx },
  );
  for (const { licence_id: id, number_index: index } of rows) found.set(id, [...(found.get(id) ?? []), index]);
  return found;
}
