/** PDF objects as text (ISO 32000-1 §7.3), one character a byte. What is read back is the same value. */
import type { PdfValue } from './syntax/pdf-value.ts';

export function writeValue(value: PdfValue): string {
  switch (value.kind) {
    case 'null':
      return 'null';
    case 'boolean':
      return String(value.value);
    case 'number':
      return writeNumber(value.value);
    case 'name':
      return writeName(value.value);
    case 'string':
      return writeString(value.bytes);
    case 'array':
      return `[ ${value.items.map(writeValue).join(' ')} ]`;
    case 'ref':
      return `${value.number} ${value.generation} R`;
    case 'dict':
      return `<<\n${[...value.entries].map(([key, entry]) => `${writeName(key)} ${writeValue(entry)}\n`).join('')}>>`;
  }
}

/** PDF knows no exponents. */
function writeNumber(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  return Number.isInteger(value) ? BigInt(value).toString() : value.toFixed(20);
}

function writeName(value: string): string {
  const written = value.replace(
    /[^!"$&'*-.0-;=?-Z\\^-z|~]/g,
    (character) => `#${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
  return `/${written}`;
}

/** As it reads when it is plain ASCII, else in hexadecimal digits. */
function writeString(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (bytes.length < 256) {
    const text = buffer.toString('latin1');
    if (/^[ -'*-[\]-~]*$/.test(text)) return `(${text})`;
  }
  return `<${buffer.toString('hex')}>`;
}
