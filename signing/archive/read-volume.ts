/** Open a volume's file. The strict reader of packages refuses what leads out, hides, repeats, links or swells; a volume
 *  packed anew by an archivist's own program is taken, for its manifest decides. */
import { SigningError } from '../error.ts';
import type { PackageLimits } from '../zip/package-limits.ts';
import { readPackage } from '../zip/read-package.ts';
import { checkVolume, refusedVolume, type VolumePolicy, type VolumeReport } from './check-volume.ts';

/** What is read of a volume at most; those made here stay far below. */
export const VOLUME_LIMITS: PackageLimits = {
  maxEntries: 20_000,
  maxEntryBytes: 128 * 2 ** 20,
  maxTotalBytes: 384 * 2 ** 20,
  maxRatio: 300,
};

export function checkVolumeFile(zip: Uint8Array, given: VolumePolicy): VolumeReport {
  try {
    return checkVolume(readPackage(zip, VOLUME_LIMITS).files, given);
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'SELF_TEST_FAILED') throw error;
    const { entry, reason } = error.details;
    return refusedVolume(String(reason ?? error.code), entry === undefined ? undefined : String(entry));
  }
}
