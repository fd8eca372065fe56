/** The citizen identification number (公民身份号码) of GB 11643: 18 characters, check by ISO 7064 MOD 11-2. */
import { isRealDate } from '../kernel/clock.ts';

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** A small x is read as X. */
export function normaliseResidentNumber(text: string): string {
  return text.trim().toUpperCase();
}

/** Form, area (first digit 1-9), date of birth and check character. */
export function isResidentNumber(text: string): boolean {
  if (!/^[1-9]\d{16}[\dX]$/.test(text)) return false;
  const birth = `${text.slice(6, 10)}-${text.slice(10, 12)}-${text.slice(12, 14)}`;
  if (!isRealDate(birth)) return false;
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(text[index]), 0);
  return '10X98765432'.charAt(sum % 11) === text.charAt(17);
}
