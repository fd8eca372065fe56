/** Make the next volume of a batch: find what it takes, gather it, put it together, sign it, store it, and only then note what
 *  was archived, in one transaction. A process that dies before has noted nothing; the next makes the same volume again. */
import { type ArchivedItem, composeVolume, SigningError, type Volume } from '../../signing/index.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { type House, houseCaller } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { insertRows } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { type Found, findIssued } from './find-issued.ts';
import { findUsed } from './find-used.ts';
import { gatherIssued } from './gather-issued.ts';
import { gatherUsed } from './gather-used.ts';
import { openArchiveSigner } from './open-archive-signer.ts';
import type { ArchiveColumns } from './rows.ts';

/** A volume is held in memory while it is made: so many licences, and so many bytes of their files. */
export interface VolumeBounds {
  readonly items: number;
  readonly bytes: number;
}

export const VOLUME_BOUNDS: VolumeBounds = { items: 200, bytes: 32 * 1024 * 1024 };

/** Gives whether the batch goes on. */
export async function makeVolume(house: House, archive: ArchiveColumns, bounds = VOLUME_BOUNDS): Promise<boolean> {
  try {
    const candidates = await (archive.purpose === 'issued' ? findIssued : findUsed)(house, archive, bounds.items);
    const found = cutAt(candidates, bounds.bytes);
    if (found.length === 0) {
      await end(house, archive, { state: 'made' });
      return false;
    }
    const numbers = found.map((_, index) => `${archive.number}-${String(archive.items + index + 1).padStart(6, '0')}`);
    const gather = archive.purpose === 'issued' ? gatherIssued : gatherUsed;
    const volume = await compose(house, archive, await gather(house, archive, found, numbers));
    const digest = await house.blobs.put(volume.zip);
    await withTransaction(house.db, (tx) => keep(house, tx, archive, found, numbers, { ...volume, digest }));
    return true;
  } catch (error) {
    if (!isLasting(error)) throw error;
    await end(house, archive, { state: 'failed', fault: `${error.code} ${faultDetail(error)}`.trim() });
    return false;
  }
}

/** At least one, whatever its size. */
function cutAt(found: readonly Found[], bytes: number): readonly Found[] {
  let sum = 0;
  const end = found.findIndex(({ sizeBytes }, index) => {
    sum += sizeBytes;
    return index > 0 && sum > bytes;
  });
  return end < 0 ? found : found.slice(0, end);
}

async function compose(house: House, archive: ArchiveColumns, items: readonly ArchivedItem[]): Promise<Volume> {
  const body = await house.db.rows.organisations.findByPk(archive.organisationCode);
  const facts = {
    number: volumeNumber(archive),
    batch: archive.number,
    purpose: archive.purpose === 'issued' ? '产生' : '使用',
    madeAt: archive.createdAt,
    body: { code: archive.organisationCode, name: body?.name ?? '' },
    year: (archive.criteria.from ?? toShanghaiDate(archive.createdAt)).slice(0, 4),
  } as const;
  return composeVolume(facts, items, await openArchiveSigner(house));
}

const volumeNumber = ({ number, volumes }: ArchiveColumns) => `${number}-J${String(volumes + 1).padStart(4, '0')}`;

async function keep(
  house: House,
  tx: Tx,
  archive: ArchiveColumns,
  found: readonly Found[],
  numbers: readonly string[],
  volume: Volume & { readonly digest: string },
): Promise<void> {
  const { archiveItems, archives, archiveVolumes } = house.db.rows;
  const current = await archives.findByPk(archive.id, { transaction: tx, lock: true });
  // another process has made this volume meanwhile
  if (current?.state !== 'making' || current.volumes !== archive.volumes) return;
  const [createdAt, volumeId, archiveId] = [house.clock(), house.newId(), archive.id];
  const { digest, contentSm3 } = volume;
  const common = { id: volumeId, archiveId, digest, contentSm3, createdAt };
  const facts = { position: archive.volumes + 1, number: volumeNumber(archive), sizeBytes: volume.zip.length };
  await archiveVolumes.create({ ...common, ...facts, items: found.length }, { transaction: tx });
  const rows = found.map(({ subject, licenceId }, index) => ({
    ...{ id: house.newId(), purpose: archive.purpose, subject, licenceId, archiveId, volumeId, createdAt },
    number: numbers[index] ?? '',
  }));
  await insertRows(house.db, tx, archiveItems, rows);
  const lastSeen = found.at(-1)?.key ?? archive.lastSeen;
  const counted = { lastSeen, items: archive.items + found.length, volumes: archive.volumes + 1 };
  await current.update(counted, { transaction: tx });
  const details = { archiveId, volume: facts.position, items: found.length, sm3: digest };
  await appendAudit(house, tx, houseCaller(volumeId, archive.organisationCode), { act: 'archive.make', details });
}

async function end(
  house: House,
  { id, number }: ArchiveColumns,
  to: Pick<ArchiveColumns, 'state'> & { readonly fault?: string },
): Promise<void> {
  const endedAt = house.clock();
  await withTransaction(house.db, async (tx) => {
    const where = { id, state: 'making' as const };
    await house.db.rows.archives.update({ ...to, endedAt }, { where, transaction: tx });
  });
  if (to.fault !== undefined) house.log.warn({ archive: number, fault: to.fault }, 'an archive batch cannot be made');
}

/** What stays wrong however often it is tried: a file that is gone or damaged. */
function isLasting(error: unknown): error is Fault | SigningError {
  if (error instanceof Fault) return error.code === 'FILE_MISSING' || error.code === 'BLOB_CORRUPT';
  return error instanceof SigningError && error.code === 'MALFORMED';
}

const faultDetail = (error: Fault | SigningError) => (error instanceof Fault ? (error.detail ?? '') : error.message);
