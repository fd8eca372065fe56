/** A scan of the paper of one stock licence, attached to it at once; the same bytes are attached once. */
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { getOwnLicence } from '../licence/get-own-licence.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { scanFormatOf } from './scan-format.ts';
import { type ScanView, viewScan } from './scans.ts';

/** In `import_id` of a scan that no import brought. */
const NO_IMPORT = '';

/** Throws `NOT_FOUND`, `STATE_CONFLICT` for a licence that was not issued on paper before, `FILE_NOT_WHAT_IT_SAYS`. */
export async function attachScan(
  house: House,
  caller: Caller,
  licenceId: string,
  { name, bytes }: { readonly name: string; readonly bytes: Uint8Array },
  remember?: Remember<ScanView>,
): Promise<ScanView> {
  requireRole(caller, 'issuer.clerk');
  const licence = await getOwnLicence(house, caller, licenceId);
  if (licence.stock === null) throw new Fault('STATE_CONFLICT', { detail: '非存量证照' });
  const format = scanFormatOf(bytes);
  if (!format) throw new Fault('FILE_NOT_WHAT_IT_SAYS', { detail: 'PDF, JPEG, PNG, OFD' });
  const digest = await house.blobs.put(bytes);
  return withTransaction(house.db, async (tx) => {
    const { licences, licenceScans } = house.db.rows;
    await licences.findByPk(licenceId, { transaction: tx, lock: true });
    const known = await licenceScans.findOne({ where: { licenceId, digest, state: 'attached' }, transaction: tx });
    const { numberKey } = licence;
    const facts = { importId: NO_IMPORT, fileId: null, licenceId, state: 'attached' as const, name, numberKey };
    const scan = { ...facts, format, digest, sizeBytes: bytes.length, fault: null, createdAt: house.clock() };
    const row = known ?? (await licenceScans.create({ ...scan, id: house.newId() }, { transaction: tx }));
    const view = viewScan(row.get());
    await appendAudit(house, tx, caller, { act: 'licence.scan', licenceId, details: { sm3: digest } });
    await remember?.(tx, view);
    return view;
  });
}
