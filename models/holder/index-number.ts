/** The blind index by which a holder is found without their number lying in clear anywhere. */
import type { House } from '../house.ts';

export function indexHolderNumber(house: Pick<House, 'cipher'>, number: string): string {
  return house.cipher.blindIndex('holders.number', number.trim().toUpperCase());
}
