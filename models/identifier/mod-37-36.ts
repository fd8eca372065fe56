/** ISO 7064 MOD 37,36 over 0-9A-Z, used by GB/T 36904. */
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ';

/** The check character of a text of digits and capital letters; throws RangeError on any other character. */
export function checkCharacterMod3736(text: string): string {
  let p = 36;
  for (const char of text) {
    const value = ALPHABET.indexOf(char);
    if (value < 0) throw new RangeError('only 0-9 and A-Z have a MOD 37,36 check character');
    p = (p + value) % 36 || 36;
    p = (2 * p) % 37;
  }
  return ALPHABET.charAt((37 - p) % 36);
}
