/** The next files that a consumer's batch takes: copies and prints handed to it within its uses, by case, matter and day. */
import { QueryTypes } from 'sequelize';
import type { House } from '../house.ts';
import { endOfShanghaiDate, startOfShanghaiDate } from '../kernel/clock.ts';
import { instantText } from '../store/bulk-values.ts';
import type { Found } from './find-issued.ts';
import type { ArchiveColumns } from './rows.ts';

/** A copy has about this size; how large it is shows when it is read. */
const TYPICAL_BYTES = 300_000;

export async function findUsed(house: House, archive: ArchiveColumns, limit: number): Promise<Found[]> {
  const { dialect, sequelize } = house.db;
  const { from, to, caseNumber, matterCode } = archive.criteria;
  const bounds = [
    ...(from ? ['AND h.created_at >= :from'] : []),
    ...(to ? ['AND h.created_at < :to'] : []),
    ...(caseNumber ? ['AND u.case_number = :caseNumber'] : []),
    ...(matterCode ? ['AND u.matter_code = :matterCode'] : []),
  ].join(' ');
  const handed = (
    table: string,
  ) => `SELECT h.id AS id, h.licence_id AS licenceId FROM ${table} h JOIN uses u ON u.id = h.use_id
    WHERE u.organisation_code = :body AND h.id > :after AND h.created_at <= :ordered ${bounds}
      AND NOT EXISTS (SELECT 1 FROM archive_items a WHERE a.purpose = 'used' AND a.subject = h.id)`;
  const sql = `${handed('copies')} UNION ALL ${handed('prints')} ORDER BY id LIMIT :limit`;
  const rows = await sequelize.query<{ id: string; licenceId: string }>(sql, {
    type: QueryTypes.SELECT,
    replacements: {
      ...{ caseNumber, matterCode, limit, after: archive.lastSeen ?? '', body: archive.organisationCode },
      from: from && instantText(startOfShanghaiDate(from), dialect),
      to: to && instantText(endOfShanghaiDate(to), dialect),
      ordered: instantText(archive.createdAt, dialect),
    },
  });
  return rows.map(({ id, licenceId }) => ({ key: id, subject: id, licenceId, sizeBytes: TYPICAL_BYTES }));
}
