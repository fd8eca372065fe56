/** Scans of stock licences: unpacked, told by their bytes, and attached to the licence of the import whose number is their file
 *  name. Each file of a ZIP is answered once, so that an interruption doubles nothing. */
import path from 'node:path';
import type { House } from '../../models/house.ts';
import {
  discardFile,
  type FileToRead,
  type ImportColumns,
  type LicenceScanColumns,
  openStoredFile,
  scanFormatOf,
} from '../../models/import/index.ts';
import { Fault, type PointedFault } from '../../models/kernel/fault.ts';
import { numberKeyOf } from '../../models/licence/index.ts';
import { withTransaction } from '../../models/store/index.ts';
import { MOST_SCAN_BYTES, MOST_SCANS, MOST_SCANS_BYTES } from './import-limits.ts';
import { listZip, unpackEntry } from './zip-file.ts';

type Became = Pick<LicenceScanColumns, 'state' | 'licenceId' | 'numberKey' | 'format' | 'digest' | 'fault'>;

/** One file that was handed in, alone or as a ZIP. True when there was one. */
export async function takeScans(house: House, work: ImportColumns): Promise<boolean> {
  const { licenceScans } = house.db.rows;
  const row = await licenceScans.findOne({ where: { importId: work.id, state: 'received' }, order: [['id', 'ASC']] });
  if (!row?.fileId) return false;
  const { id, fileId, name, sizeBytes } = row.get();
  const file = openStoredFile(house, { id: row.fileId, sizeBytes });
  const [first, second] = await file.read(0, 2);
  const isZip = first === 0x50 && second === 0x4b && !/\.ofd$/i.test(name);
  const became = isZip
    ? await unpackAll(house, work, id, file)
    : await takeOne(house, work, name, sizeBytes > MOST_SCAN_BYTES ? undefined : await file.read(0, sizeBytes));
  await withTransaction(house.db, async (tx) => {
    await licenceScans.update({ ...became, fileId: null }, { where: { id, state: 'received' }, transaction: tx });
    await house.db.rows.importFiles.update({ state: 'received' }, { where: { id: fileId ?? '' }, transaction: tx });
  });
  await discardFile(house, fileId ?? '');
  return true;
}

const NOTHING = { licenceId: null, numberKey: null, format: null, digest: null, fault: null };

async function unpackAll(house: House, work: ImportColumns, id: string, file: FileToRead): Promise<Became> {
  try {
    const entries = await listZip(file, 'zip', { mostEntries: MOST_SCANS, mostBytes: MOST_SCANS_BYTES });
    let left = MOST_SCANS_BYTES;
    for (const [index, entry] of entries.entries()) {
      if (entry.name.endsWith('/')) continue;
      const scanId = `${id}:${index}`;
      if (await house.db.rows.licenceScans.findByPk(scanId, { attributes: ['id'] })) continue;
      const bytes = await readEntry(file, entry, Math.min(left, MOST_SCAN_BYTES));
      left -= bytes?.length ?? 0;
      const became = await takeOne(house, work, entry.name, bytes);
      const facts = { id: scanId, importId: work.id, fileId: null, name: entry.name, createdAt: house.clock() };
      await withTransaction(house.db, (tx) =>
        house.db.rows.licenceScans.create(
          { ...facts, ...became, sizeBytes: bytes?.length ?? entry.unpacked },
          { transaction: tx, ignoreDuplicates: true },
        ),
      );
    }
    return { ...NOTHING, state: 'unpacked', format: 'zip' };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return refused(error.code, error.detail);
  }
}

/** Undefined for what is too large or broken. */
async function readEntry(file: FileToRead, entry: Parameters<typeof unpackEntry>[1], most: number) {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of unpackEntry(file, entry, 'zip', most)) pieces.push(piece);
  } catch (error) {
    if (error instanceof Fault && error.code !== 'FILE_MISSING') return undefined;
    throw error;
  }
  return Buffer.concat(pieces);
}

async function takeOne(
  house: House,
  work: ImportColumns,
  name: string,
  bytes: Uint8Array | undefined,
): Promise<Became> {
  if (bytes === undefined) return refused('REQUEST_TOO_LARGE', `≤ ${MOST_SCAN_BYTES} bytes`);
  const format = scanFormatOf(bytes);
  if (!format) return refused('FILE_NOT_WHAT_IT_SAYS', 'PDF, JPEG, PNG, OFD');
  const { name: number } = path.posix.parse(name.replaceAll('\\', '/'));
  const numberKey = numberKeyOf(work.catalogueCode, number.trim());
  const { importRows } = house.db.rows;
  const row = await importRows.findOne({ where: { importId: work.id, numberKey, outcome: ['accepted', 'there'] } });
  if (!row?.licenceId) return refused('SCAN_UNKNOWN');
  const digest = await house.blobs.put(bytes);
  return { state: 'attached', licenceId: row.licenceId, numberKey, format, digest, fault: null };
}

function refused(code: PointedFault['code'], detail?: string): Became {
  return { ...NOTHING, state: 'refused', fault: { pointer: '', code, ...(detail === undefined ? {} : { detail }) } };
}
