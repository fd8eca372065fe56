/** Bounds of what a reader unpacks, so that a small file cannot become a large one. */
export interface PackageLimits {
  readonly maxEntries: number;
  /** Of one entry, inflated. */
  readonly maxEntryBytes: number;
  /** Of all entries together, inflated. */
  readonly maxTotalBytes: number;
  /** Inflated to packed size of one entry; small entries (below 64 KiB) are let be. */
  readonly maxRatio: number;
}

export const DEFAULT_LIMITS: PackageLimits = {
  maxEntries: 4096,
  maxEntryBytes: 128 * 2 ** 20,
  maxTotalBytes: 256 * 2 ** 20,
  maxRatio: 300,
};
