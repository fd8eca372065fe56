import { openArchive } from '../../../models/archive/open-archive.ts';
import { downloadVolume, readArchive } from '../../../models/archive/view-archive.ts';
import { workOnArchives } from '../../../models/archive/work-on-archives.ts';
import type { House } from '../../../models/house.ts';
import { CONSUMER, clerk } from '../../world/sample-entry.ts';
import { callerWith } from '../../world/test-house.ts';

/** Whoever uses licences at a counter. */
export const window = callerWith(['consumer.window'], CONSUMER, 'window');
/** Few to a volume. */
export const SMALL = { bounds: { items: 4, bytes: 32 * 1024 * 1024 } };

/** Ordered, made, and how it stands. */
export async function archive(house: House, order: object, by = clerk) {
  const { archiveId } = await openArchive(house, by, { purpose: 'issued', ...order } as never);
  await workOnArchives(house, () => true, SMALL);
  return readArchive(house, by, archiveId);
}

/** A volume as it is downloaded. */
export async function bytesOf(house: House, archiveId: string, volume: number, by = clerk) {
  return (await downloadVolume(house, by, archiveId, volume)).bytes;
}
