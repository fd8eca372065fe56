/** Limits of batch imports. */

/** Rows of a sheet that a person or a system hands in at once. */
export const MOST_IMPORT_ROWS = 100_000;
export const MOST_IMPORT_BYTES = 64 * 1024 * 1024;
/** Lines of one step: judged, stored and remembered together. */
export const LINES_A_STEP = 100;
/** A scan, and a ZIP of them. */
export const MOST_SCAN_BYTES = 20 * 1024 * 1024;
export const MOST_SCANS_BYTES = 1024 * 1024 * 1024;
export const MOST_SCANS = 10_000;

export const IMPORT_BOUNDS = {
  // Headings, hints and the example come on top.
  rows: MOST_IMPORT_ROWS + 4,
  columns: 400,
  bytes: 512 * 1024 * 1024,
};
