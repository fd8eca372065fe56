/** Does a holder's number pass the check of its type: GB 32100 (001), GB 11643 (111), plain characters for any other? */
import { isResidentNumber, normaliseResidentNumber } from '../identifier/resident-number.ts';
import { isSocialCreditCode } from '../identifier/social-credit-code.ts';

export function holderNumberHolds(numberType: string, number: string): boolean {
  if (numberType === '111') return isResidentNumber(normaliseResidentNumber(number));
  if (numberType === '001') return isSocialCreditCode(number.trim());
  return /^[0-9A-Za-z()（）\-/]{4,64}$/.test(number.trim());
}
