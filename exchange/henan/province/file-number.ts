/** The licence file number (证照文件编号), key of hn_license_sync: issuer's code, holder's code, type code, ten digits of a serial that
 *  stays with the licence, and four digits that count its files. Standing for the first holder, it holds a personal number. */
import type { LicenceRecord } from '../../../models/licence/index.ts';

const SERIAL_DIGITS = 10;
const VERSION_DIGITS = 4;
const LONGEST = 160;

/** Undefined when the parts cannot make one. */
export function composeFileNumber(
  { issuingBody, catalogueCode, holders }: Pick<LicenceRecord, 'issuingBody' | 'catalogueCode' | 'holders'>,
  serial: number,
  version: number,
): string | undefined {
  const [holder] = holders;
  if (!holder || serial >= 10 ** SERIAL_DIGITS || version >= 10 ** VERSION_DIGITS) return undefined;
  const number = [
    ...[issuingBody, holder.number.trim().toUpperCase(), catalogueCode],
    ...[String(serial).padStart(SERIAL_DIGITS, '0'), String(version).padStart(VERSION_DIGITS, '0')],
  ].join('');
  return number.length <= LONGEST ? number : undefined;
}

/** Undefined of what is no file number. */
export function serialOf(fileNumber: string): number | undefined {
  const [, serial] = /(\d{10})\d{4}$/.exec(fileNumber) ?? [];
  return serial === undefined ? undefined : Number(serial);
}

/** The same licence, another file. */
export function withVersion(fileNumber: string, version: number): string {
  return fileNumber.slice(0, -VERSION_DIGITS) + String(version).padStart(VERSION_DIGITS, '0');
}
