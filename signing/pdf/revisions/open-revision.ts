/** A signed revision of a PDF as a file of its own: what its signer saw. */
import { SigningError } from '../../error.ts';
import { openPdf } from '../syntax/open-pdf.ts';
import type { PdfFile } from '../syntax/pdf-file.ts';

/** The revision by itself; undefined when the bytes are not one. @throws TOO_LARGE */
export function openRevision(file: PdfFile, end: number): PdfFile | undefined {
  const bytes = file.bytes.subarray(0, end);
  if (!/%%EOF[ \r\n]{0,2}$/.test(Buffer.from(bytes.subarray(-8)).toString('latin1'))) return undefined;
  try {
    return openPdf(bytes, file.budget);
  } catch (error) {
    if (error instanceof SigningError && error.code !== 'TOO_LARGE') return undefined;
    throw error;
  }
}
