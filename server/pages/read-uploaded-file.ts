/** The one file of a form sent as multipart/form-data (RFC 7578, RFC 2046 §5.1): read by hand and strictly, over the bytes
 *  as they came. Whatever is not exactly one file part is refused. */
import { Fault } from '../../models/kernel/fault.ts';

export interface UploadedFile {
  /** As the browser named it, without folders. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const HEAD_BYTES = 2048;
const MOST_NAME = 120;
const BOUNDARY = /^multipart\/form-data;\s*boundary=(?:"([\w'()+,\-./:=? ]{1,70})"|([\w'()+,\-./:=?]{1,70}))\s*$/i;

/** Throws `REQUEST_MALFORMED`. */
export function readUploadedFile(contentType: string, body: Buffer): UploadedFile {
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw malformed();
  const opening = `--${boundary}\r\n`;
  if (body.subarray(0, opening.length).toString('latin1') !== opening) throw malformed();
  const head = body.subarray(opening.length, opening.length + HEAD_BYTES);
  const headEnd = head.indexOf('\r\n\r\n');
  if (headEnd < 0) throw malformed();
  const start = opening.length + headEnd + 4;
  // one part only: the first end of a part is the end of the form
  const end = body.indexOf(`\r\n--${boundary}`, start - 2);
  const closing = `\r\n--${boundary}--`;
  const rest = body.subarray(end, end + closing.length + 2).toString('latin1');
  if (end < 0 || (rest !== closing && rest !== `${closing}\r\n`) || body.length > end + closing.length + 2) {
    throw malformed();
  }
  return {
    name: fileNameIn(head.subarray(0, headEnd).toString('utf8')),
    bytes: body.subarray(start, Math.max(start, end)),
  };
}

function malformed(): Fault {
  return new Fault('REQUEST_MALFORMED', { detail: 'multipart/form-data' });
}

function fileNameIn(headers: string): string {
  const [, name] = /^Content-Disposition: form-data; name="file"; filename="([^"\r\n]*)"\s*$/im.exec(headers) ?? [];
  if (name === undefined) throw malformed();
  return (name.split(/[/\\]/).at(-1) ?? '').slice(0, MOST_NAME);
}
