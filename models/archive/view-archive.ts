/** What a body is told of its archive batches. */
import { Op } from 'sequelize';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { readRows } from '../store/bulk-read.ts';
import { ARCHIVISTS } from './archivists.ts';
import type { ArchiveColumns, ArchiveCriteria, ArchiveVolumeColumns } from './rows.ts';

export interface ArchiveView {
  readonly archiveId: string;
  readonly number: string;
  readonly purpose: ArchiveColumns['purpose'];
  readonly criteria: ArchiveCriteria;
  readonly state: ArchiveColumns['state'];
  readonly items: number;
  readonly volumes: number;
  readonly fault: string | null;
  readonly createdAt: string;
  readonly endedAt: string | null;
}

export interface ArchiveVolumeView {
  readonly volume: number;
  readonly number: string;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sm3: string;
  readonly contentSm3: string;
  readonly items: number;
  readonly createdAt: string;
}

export function viewArchive(row: ArchiveColumns): ArchiveView {
  const { id, number, purpose, criteria, state, items, volumes, fault } = row;
  const times = { createdAt: row.createdAt.toISOString(), endedAt: row.endedAt?.toISOString() ?? null };
  return { archiveId: id, number, purpose, criteria, state, items, volumes, fault, ...times };
}

function viewVolume(row: ArchiveVolumeColumns): ArchiveVolumeView {
  const { position: volume, number, sizeBytes, digest: sm3, contentSm3, items } = row;
  const createdAt = row.createdAt.toISOString();
  return { volume, number, fileName: `${number}.zip`, sizeBytes, sm3, contentSm3, items, createdAt };
}

const requireArchivist = (caller: Caller) => {
  requireRole(caller, ...ARCHIVISTS.issued, ...ARCHIVISTS.used);
  return requireOrganisation(caller);
};

/** The body's own batch, of a purpose that the caller's roles may see; another's is not there. Throws `NOT_FOUND`. */
export async function getArchive(house: House, caller: Caller, id: string): Promise<ArchiveColumns> {
  const organisationCode = requireArchivist(caller);
  const row = await house.db.rows.archives.findByPk(id);
  if (!row || row.organisationCode !== organisationCode || !maySee(caller, row.purpose)) throw new Fault('NOT_FOUND');
  return row.get();
}

const maySee = (caller: Caller, purpose: ArchiveColumns['purpose']) =>
  ARCHIVISTS[purpose].some((role) => caller.roles.includes(role));

export async function readArchive(house: House, caller: Caller, id: string): Promise<ArchiveView> {
  const row = await getArchive(house, caller, id);
  await logAccess(house, caller, { act: 'archive.read', details: { archiveId: id } });
  return viewArchive(row);
}

export async function listArchives(house: House, caller: Caller, request: PageRequest): Promise<Page<ArchiveView>> {
  const organisationCode = requireArchivist(caller);
  const limit = pageLimit(request);
  const purpose = (['issued', 'used'] as const).filter((one) => maySee(caller, one));
  const rows = await readRows(house.db.rows.archives, {
    where: { organisationCode, purpose, ...(request.after ? { id: { [Op.lt]: request.after } } : {}) },
    order: [['id', 'DESC']],
    limit: limit + 1,
  });
  await logAccess(house, caller, { act: 'archive.read', details: { archives: rows.length } });
  return toPage(rows.map(viewArchive), limit, ({ archiveId }) => archiveId);
}

export async function listVolumes(
  house: House,
  caller: Caller,
  id: string,
  request: PageRequest,
): Promise<Page<ArchiveVolumeView>> {
  await getArchive(house, caller, id);
  const limit = pageLimit(request);
  const rows = await readRows(house.db.rows.archiveVolumes, {
    where: { archiveId: id, position: { [Op.gt]: Number(request.after ?? 0) || 0 } },
    order: [['position', 'ASC']],
    limit: limit + 1,
  });
  await logAccess(house, caller, { act: 'archive.read', details: { archiveId: id } });
  return toPage(rows.map(viewVolume), limit, ({ volume }) => String(volume));
}

/** A volume's file. Who carries it off is logged with every licence in it. Throws `NOT_FOUND`. */
export async function downloadVolume(
  house: House,
  caller: Caller,
  id: string,
  position: number,
): Promise<{ readonly bytes: Uint8Array; readonly fileName: string }> {
  const archive = await getArchive(house, caller, id);
  const { archiveItems, archiveVolumes } = house.db.rows;
  const volume = await archiveVolumes.findOne({ where: { archiveId: id, position } });
  if (!volume) throw new Fault('NOT_FOUND');
  const items = await readRows(archiveItems, { where: { volumeId: volume.id }, attributes: ['licenceId'] });
  const licenceIds = [...new Set(items.map(({ licenceId }) => licenceId))];
  const details = { archiveId: id, number: archive.number, volume: position };
  await logAccess(house, caller, { act: 'archive.download', licenceIds, details });
  return { bytes: await house.blobs.get(volume.digest), fileName: `${volume.number}.zip` };
}
