/** What a file of evidence is, judged by its content and never by its name: whole PDF, OFD, PNG and JPEG files are taken. */

export const EVIDENCE_TYPES = {
  pdf: 'application/pdf',
  ofd: 'application/ofd',
  png: 'image/png',
  jpg: 'image/jpeg',
} as const;
export type EvidenceFormat = keyof typeof EVIDENCE_TYPES;

/** Undefined for anything else, and for a file that breaks off. */
export function evidenceFormat(bytes: Uint8Array): EvidenceFormat | undefined {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = file.subarray(-END_BYTES);
  if (/^%PDF-[12]\.\d/.test(file.toString('latin1', 0, 8))) return end.includes('%%EOF') ? 'pdf' : undefined;
  if (startsWith(file, PNG_HEAD)) return file.subarray(-PNG_END.length).equals(PNG_END) ? 'png' : undefined;
  if (startsWith(file, JPEG_HEAD)) return end.includes(JPEG_END) ? 'jpg' : undefined;
  return isOfd(file) ? 'ofd' : undefined;
}

/** In which the end mark stands (ISO 32000-1 annex H.3, implementation note 18; cameras pad JPEG files). */
const END_BYTES = 1024;
const PNG_HEAD = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const PNG_END = Buffer.from('0000000049454e44ae426082', 'hex');
const JPEG_HEAD = Buffer.from('ffd8ff', 'hex');
const JPEG_END = Buffer.from('ffd9', 'hex');

function startsWith(file: Buffer, head: Buffer): boolean {
  return file.subarray(0, head.length).equals(head);
}

const LOCAL_HEADER = 0x04034b50;
const END_RECORD = Buffer.from('504b0506', 'hex');
const END_RECORD_BYTES = 22;
const DIRECTORY_ENTRY = 0x02014b50;
const DIRECTORY_ENTRY_BYTES = 46;
const MOST_COMMENT = 0xffff;

/** A ZIP package whose directory names the document root (GB/T 33190 §7.2: OFD.xml). */
function isOfd(file: Buffer): boolean {
  if (file.length < END_RECORD_BYTES || file.readUInt32LE(0) !== LOCAL_HEADER) return false;
  const end = file.lastIndexOf(END_RECORD);
  if (end < file.length - END_RECORD_BYTES - MOST_COMMENT || end + END_RECORD_BYTES > file.length) return false;
  let at = file.readUInt32LE(end + 16);
  for (let left = file.readUInt16LE(end + 10); left > 0; left -= 1) {
    if (at + DIRECTORY_ENTRY_BYTES > end || file.readUInt32LE(at) !== DIRECTORY_ENTRY) return false;
    const nameBytes = file.readUInt16LE(at + 28);
    const name = file.toString('latin1', at + DIRECTORY_ENTRY_BYTES, at + DIRECTORY_ENTRY_BYTES + nameBytes);
    if (name === 'OFD.xml') return true;
    at += DIRECTORY_ENTRY_BYTES + nameBytes + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return false;
}
