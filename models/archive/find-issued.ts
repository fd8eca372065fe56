/** The next licences that an issuer's batch takes: issued when the batch was ordered, by its criteria, and not archived in the
 *  version they have now. One statement a portion, however many licences there are. */
import { QueryTypes } from 'sequelize';
import type { House } from '../house.ts';
import { instantText } from '../store/bulk-values.ts';
import type { ArchiveColumns } from './rows.ts';

export interface Found {
  /** By which the next portion goes on. */
  readonly key: string;
  /** Unique among what is archived for a purpose. */
  readonly subject: string;
  readonly licenceId: string;
  readonly sizeBytes: number;
}

interface IssuedRow {
  readonly id: string;
  readonly version: number;
  readonly bytes: number;
}

export async function findIssued(house: House, archive: ArchiveColumns, limit: number): Promise<Found[]> {
  const { dialect, sequelize } = house.db;
  const { from, to, catalogueCode } = archive.criteria;
  const bounds = [
    ...(from ? ['AND l.issued_on >= :from'] : []),
    ...(to ? ['AND l.issued_on <= :to'] : []),
    ...(catalogueCode ? ['AND l.catalogue_code = :catalogueCode'] : []),
  ];
  const subject = dialect === 'mysql' ? "CONCAT(l.id, ':', f.version)" : "l.id || ':' || f.version";
  const sql = `SELECT l.id AS id, MAX(f.version) AS version, SUM(f.size_bytes) AS bytes
    FROM licences l JOIN licence_files f ON f.licence_id = l.id
    WHERE l.issuing_body = :body AND l.state = 'issued' AND l.id > :after AND f.created_at <= :ordered ${bounds.join(' ')}
      AND NOT EXISTS (SELECT 1 FROM archive_items a WHERE a.purpose = 'issued' AND a.subject = ${subject})
    GROUP BY l.id ORDER BY l.id LIMIT :limit`;
  const rows = await sequelize.query<IssuedRow>(sql, {
    type: QueryTypes.SELECT,
    replacements: {
      ...{ from, to, catalogueCode, limit, after: archive.lastSeen ?? '', body: archive.organisationCode },
      ordered: instantText(archive.createdAt, dialect),
    },
  });
  return rows.map(({ id, version, bytes }) => ({
    ...{ key: id, licenceId: id, subject: `${id}:${Number(version)}` },
    sizeBytes: Number(bytes),
  }));
}
