/** Into which batches a licence has gone, and when: for the body that issued it. */

import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { getOwnForReading } from '../licence/get-own-for-reading.ts';
import { readRows } from '../store/bulk-read.ts';

export interface LicenceArchive {
  readonly archiveId: string;
  /** 档号. */
  readonly number: string;
  readonly archivedAt: string;
}

/** Throws `NOT_FOUND`. */
export async function listLicenceArchives(house: House, caller: Caller, licenceId: string): Promise<LicenceArchive[]> {
  const { id } = await getOwnForReading(house, caller, 'archive.read', licenceId);
  await logAccess(house, caller, { act: 'archive.read', licenceId: id });
  const rows = await readRows(house.db.rows.archiveItems, {
    where: { licenceId: id, purpose: 'issued' },
    order: [['id', 'ASC']],
  });
  return rows.map(({ archiveId, number, createdAt }) => ({ archiveId, number, archivedAt: createdAt.toISOString() }));
}
