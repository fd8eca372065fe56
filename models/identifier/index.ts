/** Identifiers and their check characters. */
export { socialCreditCheckCharacter } from './social-credit-code.ts';
