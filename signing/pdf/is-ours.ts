/** Whether a PDF says that we drew it: such files are held to our exact form. What the first signature covers says it for
 *  good; later revisions may name another producer, and do not release the file by it. */
import { endOf, type FoundSignature } from './find-signatures.ts';
import { openRevision } from './revisions/open-revision.ts';
import type { PdfFile } from './syntax/pdf-file.ts';

const PRODUCER = 'Zhengku';

/** @param signatures in the order of what they cover. @throws TOO_LARGE, MALFORMED */
export function isOurs(file: PdfFile, signatures: readonly FoundSignature[]): boolean {
  if (saysOurs(file)) return true;
  const first = signatures.find(({ fault }) => fault === undefined);
  if (first === undefined || endOf(first) >= file.bytes.length) return false;
  const signed = openRevision(file, endOf(first));
  return signed !== undefined && saysOurs(signed);
}

function saysOurs(file: PdfFile): boolean {
  const producer = file.resolve(file.dict(file.trailer.entries.get('Info'))?.entries.get('Producer'));
  return producer.kind === 'string' && Buffer.from(producer.bytes).toString('latin1') === PRODUCER;
}
