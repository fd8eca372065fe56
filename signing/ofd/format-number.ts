/** A length in millimetres as OFD writes it: at most three decimals (a micrometre), no exponent, no minus zero. */
export function formatNumber(value: number): string {
  const rounded = Math.round(value * 1000) / 1000;
  return String(rounded === 0 ? 0 : rounded);
}
