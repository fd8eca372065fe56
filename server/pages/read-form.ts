/** A form as it was sent, urlencoded or as multipart/form-data (RFC 7578, RFC 2046 §5.1), read by hand and strictly over the bytes as they
 *  came: every byte belongs to a part, every name stands once, nothing is nested. */
import { Fault } from '../../models/kernel/fault.ts';

export interface ReadForm {
  readonly values: Readonly<Record<string, string>>;
  /** Of inputs where a file was chosen. */
  readonly files: Readonly<Record<string, ChosenFile>>;
}

export interface ChosenFile {
  /** As the browser named it, without folders. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const HEAD_BYTES = 2048;
const MOST_NAME = 120;
const MOST_PARTS = 500;
const BOUNDARY = /^multipart\/form-data;\s*boundary=(?:"([\w'()+,\-./:=? ]{1,70})"|([\w'()+,\-./:=?]{1,70}))\s*$/i;
const DISPOSITION = /^Content-Disposition: form-data; name="([\w.:-]{1,80})"(?:; filename="([^"\r\n]*)")?\s*$/im;

/** Throws `REQUEST_MALFORMED`. */
export function readForm(contentType: string, body: Buffer): ReadForm {
  if (/^application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType)) return readEncoded(body);
  const [, quoted, plain] = BOUNDARY.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (boundary === undefined) throw malformed();
  const values: Record<string, string> = {};
  const files: Record<string, ChosenFile> = {};
  for (const part of splitParts(body, boundary)) {
    const { name, fileName, bytes } = readPart(part);
    if (Object.hasOwn(values, name) || Object.hasOwn(files, name)) throw malformed();
    if (fileName === undefined) values[name] = decode(bytes);
    else if (bytes.length > 0 || fileName !== '') files[name] = { name: withoutFolders(fileName), bytes };
  }
  return { values, files };
}

const withoutFolders = (name: string) => (name.split(/[/\\]/).at(-1) ?? '').slice(0, MOST_NAME);

function readEncoded(body: Buffer): ReadForm {
  const pairs = [...new URLSearchParams(decode(body))];
  if (pairs.length > MOST_PARTS) throw malformed();
  const values = Object.fromEntries(pairs);
  if (Object.keys(values).length !== pairs.length) throw malformed();
  return { values, files: {} };
}

function splitParts(body: Buffer, boundary: string): Buffer[] {
  const opening = Buffer.from(`--${boundary}\r\n`);
  const between = Buffer.from(`\r\n--${boundary}`);
  if (!body.subarray(0, opening.length).equals(opening)) throw malformed();
  const parts: Buffer[] = [];
  for (let start = opening.length; ; ) {
    const end = body.indexOf(between, start);
    if (end < 0 || parts.length === MOST_PARTS) throw malformed();
    parts.push(body.subarray(start, end));
    const after = end + between.length;
    const tail = body.subarray(after, after + 2).toString('latin1');
    if (tail === '\r\n') start = after + 2;
    else if (tail === '--' && /^(?:\r\n)?$/.test(body.subarray(after + 2).toString('latin1'))) return parts;
    else throw malformed();
  }
}

function readPart(part: Buffer): { name: string; fileName: string | undefined; bytes: Buffer } {
  const headEnd = part.subarray(0, HEAD_BYTES).indexOf('\r\n\r\n');
  if (headEnd < 0) throw malformed();
  const [, name, fileName] = DISPOSITION.exec(part.subarray(0, headEnd).toString('utf8')) ?? [];
  if (name === undefined) throw malformed();
  return { name, fileName, bytes: part.subarray(headEnd + 4) };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Fault('REQUEST_MALFORMED', { cause });
  }
}

function malformed(): Fault {
  return new Fault('REQUEST_MALFORMED', { detail: 'multipart/form-data' });
}
