/** Make the next volume of a batch: find what it takes, gather it, put it together, sign it, store it, and only then note what
 *  was archived, in one transaction. A process that dies before has noted nothing; the next makes the same volume again. */
import { type ArchivedItem, composeVolume, SigningError, type Volume } from '../../signing/index.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { type House, houseCaller } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { insertRows } from '../store/bulk-write.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { type Found, findIssued } from './find-issued.ts';
import { findUsed } from './find-used.ts';
import { gatherIssued } from './gather-issued.ts';
import { gatherUsed } from './gather-used.ts';
import type { Gathered } from './leave-out.ts';
import { openArchiveSigner } from './open-archive-signer.ts';
import type { ArchiveColumns } from './rows.ts';

/** A volume is held in memory while it is made: so many licences, and so many bytes of their files. */
export interface VolumeBounds {
  readonly items: number;
  readonly bytes: number;
}

/** Characters of what a batch tells of what it left out. */
const MOST_TOLD = 10_000;

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
    const { taken, left } = await gather(house, archive, found, numbers);
    const made = taken.length === 0 ? undefined : await store(house, archive, taken);
    const portion = { taken: taken.map((one) => one.found), lastSeen: found.at(-1)?.key ?? null, left };
    await withTransaction(house.db, (tx) => keep(house, tx, archive, portion, numbers, made));
    if (left.length > 0) house.log.warn({ archive: archive.number, left }, 'left out of an archive batch');
    return true;
  } catch (error) {
    if (!isLasting(error)) throw error;
    await end(house, archive, { state: 'failed', fault: `${error.code} ${error.message}` });
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

/** What of a portion has gone into the volume, and what has not. */
interface Portion {
  readonly taken: readonly Found[];
  readonly left: readonly string[];
  readonly lastSeen: string | null;
}

type StoredVolume = Volume & { readonly digest: string };

async function store(house: House, archive: ArchiveColumns, taken: Gathered['taken']): Promise<StoredVolume> {
  const items = taken.map(({ item }) => item);
  const volume = await compose(house, archive, items);
  return { ...volume, digest: await house.blobs.put(volume.zip) };
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

/** @param volume undefined: nothing of the portion could be taken */
async function keep(
  house: House,
  tx: Tx,
  archive: ArchiveColumns,
  { taken, left, lastSeen }: Portion,
  numbers: readonly string[],
  volume: StoredVolume | undefined,
): Promise<void> {
  const { archives } = house.db.rows;
  const current = await archives.findByPk(archive.id, { transaction: tx, lock: true });
  // another process has made this volume meanwhile
  if (current?.state !== 'making' || current.lastSeen !== archive.lastSeen) return;
  const told = [...(current.fault === null ? [] : [current.fault]), ...left].join('\n').slice(0, MOST_TOLD);
  const counted = { items: archive.items + taken.length, volumes: archive.volumes + (volume ? 1 : 0) };
  await current.update({ lastSeen, ...counted, fault: told || null }, { transaction: tx });
  if (volume) await note(house, tx, archive, taken, numbers, volume);
}

async function note(
  house: House,
  tx: Tx,
  archive: ArchiveColumns,
  taken: readonly Found[],
  numbers: readonly string[],
  { digest, contentSm3, zip }: StoredVolume,
): Promise<void> {
  const { archiveItems, archiveVolumes } = house.db.rows;
  const [createdAt, volumeId, archiveId] = [house.clock(), house.newId(), archive.id];
  const common = { id: volumeId, archiveId, digest, contentSm3, createdAt };
  const facts = { position: archive.volumes + 1, number: volumeNumber(archive), sizeBytes: zip.length };
  await archiveVolumes.create({ ...common, ...facts, items: taken.length }, { transaction: tx });
  const rows = taken.map(({ subject, licenceId }, index) => ({
    ...{ id: house.newId(), purpose: archive.purpose, subject, licenceId, archiveId, volumeId, createdAt },
    number: numbers[index] ?? '',
  }));
  await insertRows(house.db, tx, archiveItems, rows);
  const details = { archiveId, volume: facts.position, items: taken.length, sm3: digest };
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

/** What stays wrong however often it is tried. */
function isLasting(error: unknown): error is SigningError {
  return error instanceof SigningError && error.code === 'MALFORMED';
}
