/** Make a batch to its end and hand over its volumes one by one, for the operator. */
import { Op } from 'sequelize';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { readRows } from '../store/bulk-read.ts';
import { type ArchiveView, viewArchive } from './view-archive.ts';
import { workOnArchives } from './work-on-archives.ts';

/** @param batch its number (批次号) or id
 *  Throws `NOT_FOUND`; each volume is logged before it is handed over. */
export async function exportVolumes(
  house: House,
  caller: Caller,
  batch: string,
  write: (fileName: string, bytes: Uint8Array) => void,
): Promise<ArchiveView> {
  const { archiveItems, archives, archiveVolumes } = house.db.rows;
  const archive = await archives.findOne({ where: { [Op.or]: [{ id: batch }, { number: batch }] } });
  if (!archive) throw new Fault('NOT_FOUND', { detail: batch });
  await workOnArchives(house, () => true, { only: archive.id });
  const volumes = await readRows(archiveVolumes, { where: { archiveId: archive.id }, order: [['position', 'ASC']] });
  for (const { id, number, position, digest } of volumes) {
    const items = await readRows(archiveItems, { where: { volumeId: id }, attributes: ['licenceId'] });
    const licenceIds = [...new Set(items.map(({ licenceId }) => licenceId))];
    const details = { archiveId: archive.id, volume: position };
    await logAccess(house, caller, { act: 'archive.download', licenceIds, details });
    write(`${number}.zip`, await house.blobs.get(digest));
  }
  return viewArchive((await archive.reload()).get());
}
