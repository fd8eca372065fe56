/** The unified social credit code (统一社会信用代码) of GB 32100-2015: 18 characters, check by weights 3^i mod 31. */
const ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY';
const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];

/** The check character for the first 17; undefined when a character is not of the alphabet. */
export function socialCreditCheckCharacter(first17: string): string | undefined {
  let sum = 0;
  for (const [index, weight] of WEIGHTS.entries()) {
    const value = ALPHABET.indexOf(first17.charAt(index) || ' ');
    if (value < 0) return undefined;
    sum += weight * value;
  }
  return ALPHABET.charAt((31 - (sum % 31)) % 31);
}

export function isSocialCreditCode(text: string): boolean {
  return text.length === 18 && socialCreditCheckCharacter(text.slice(0, 17)) === text.charAt(17);
}
