/** Whether a PDF says that we drew it: such files are held to our exact form. */
import type { PdfFile } from './syntax/pdf-file.ts';

const PRODUCER = 'Zhengku';

export function isOurs(file: PdfFile): boolean {
  const producer = file.resolve(file.dict(file.trailer.entries.get('Info'))?.entries.get('Producer'));
  return producer.kind === 'string' && Buffer.from(producer.bytes).toString('latin1') === PRODUCER;
}
