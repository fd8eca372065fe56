/** What a scan is, by its first bytes: nothing is believed of its name. */
import type { LicenceScanColumns } from './rows.ts';

export type ScanFormat = Exclude<LicenceScanColumns['format'], 'zip' | null>;

/** Undefined for what is none of them. */
export function scanFormatOf(bytes: Uint8Array): ScanFormat | undefined {
  const head = Buffer.from(bytes.subarray(0, 8)).toString('latin1');
  if (head.startsWith('%PDF-')) return 'pdf';
  if (head.startsWith('\xff\xd8\xff')) return 'jpg';
  if (head.startsWith('\x89PNG')) return 'png';
  return head.startsWith('PK\x03\x04') ? 'ofd' : undefined;
}
