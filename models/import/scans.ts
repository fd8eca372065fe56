/** Scans of the paper of stock licences: handed in to the import that digitises them, attached by their file names. */

import { appendAudit, logAccess } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, type PointedFault } from '../kernel/fault.ts';
import { getOwnLicence } from '../licence/get-own-licence.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { requireImporter } from './open-import.ts';
import { discardFile, type ReceivedFile } from './stored-file.ts';
import { getImport } from './view-import.ts';

export interface ScanView {
  readonly scanId: string;
  readonly name: string;
  readonly state: string;
  readonly format: string | null;
  readonly sizeBytes: number;
  readonly sm3: string | null;
  readonly fault: PointedFault | null;
  readonly createdAt: string;
}

/** A scan, or a ZIP of many. Throws `NOT_FOUND`, `STATE_CONFLICT` for an import that is no stock or has not been applied. */
export async function addScan(
  house: House,
  caller: Caller,
  importId: string,
  file: ReceivedFile,
  remember?: Remember<ScanView>,
): Promise<ScanView> {
  requireImporter(caller);
  const work = await getImport(house, caller, importId);
  try {
    return await withTransaction(house.db, async (tx) => {
      const { imports, importFiles, licenceScans } = house.db.rows;
      const row = await imports.findByPk(work.id, { transaction: tx, lock: true });
      const takes = row?.stock && row.mode === 'apply' && row.state !== 'cancelled' && row.state !== 'failed';
      if (!row || !takes) throw new Fault('STATE_CONFLICT', { detail: row?.stock ? row.state : '非存量导入' });
      const { id, name, sizeBytes } = file;
      const facts = { licenceId: null, numberKey: null, format: null, digest: null, fault: null };
      const scan = { ...facts, id, importId, fileId: id, state: 'received' as const, name, sizeBytes };
      const made = await licenceScans.create({ ...scan, createdAt: house.clock() }, { transaction: tx });
      await importFiles.update({ state: 'kept' }, { where: { id }, transaction: tx });
      // An import that had ended goes on with them.
      if (row.state === 'done')
        await row.update({ state: 'advancing', runAt: house.clock(), endedAt: null }, { transaction: tx });
      const view = viewScan(made.get());
      await remember?.(tx, view);
      await appendAudit(house, tx, caller, { act: 'licence.scan', details: { importId, sm3: file.digest } });
      return view;
    });
  } finally {
    await discardFile(house, file.id);
  }
}

export function viewScan(row: {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly format: string | null;
  readonly sizeBytes: number;
  readonly digest: string | null;
  readonly fault: PointedFault | null;
  readonly createdAt: Date;
}): ScanView {
  const { id, name, state, format, sizeBytes, digest, fault, createdAt } = row;
  return { scanId: id, name, state, format, sizeBytes, sm3: digest, fault, createdAt: createdAt.toISOString() };
}

/** The scans of one licence. */
export async function listScans(house: House, caller: Caller, licenceId: string): Promise<readonly ScanView[]> {
  const licence = await getOwnLicence(house, caller, licenceId);
  const rows = await house.db.rows.licenceScans.findAll({
    where: { licenceId: licence.id, state: 'attached' },
    order: [['id', 'ASC']],
  });
  await logAccess(house, caller, { act: 'licence.read', licenceId, details: { scans: rows.length } });
  return rows.map((row) => viewScan(row.get()));
}

/** The bytes of a scan. Throws `NOT_FOUND`. */
export async function getScan(
  house: House,
  caller: Caller,
  licenceId: string,
  scanId: string,
): Promise<{ readonly bytes: Uint8Array; readonly format: string; readonly digest: string }> {
  const licence = await getOwnLicence(house, caller, licenceId);
  const row = await house.db.rows.licenceScans.findByPk(scanId);
  if (row?.licenceId !== licence.id || !row.digest || !row.format) throw new Fault('NOT_FOUND');
  await logAccess(house, caller, { act: 'licence.download', licenceId, details: { scan: row.digest } });
  return { bytes: await house.blobs.get(row.digest), format: row.format, digest: row.digest };
}
