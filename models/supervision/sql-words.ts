/** What the two databases write differently. */

/** Texts one after the other. */
export function join(dialect: 'sqlite' | 'mysql', ...parts: string[]): string {
  return dialect === 'mysql' ? `CONCAT(${parts.join(', ')})` : parts.join(' || ');
}
