/** Half of a surrogate pair is no character: it has no UTF-8, and one that gets into a TEXT column of SQLite ends the process that
 *  reads the row. JSON can say it (`"\ud83d"`), and cutting a text can make it. */

/** Deeper nothing is that we read. */
const MOST_LEVELS = 32;

/** Is every text in it, keys too, made of whole characters? False too when it is nested beyond what anybody means. */
export function isWellFormed(value: unknown, levels = MOST_LEVELS): boolean {
  if (typeof value === 'string') return value.isWellFormed();
  if (value === null || typeof value !== 'object') return true;
  if (levels === 0) return false;
  return Object.entries(value).every(([key, item]) => key.isWellFormed() && isWellFormed(item, levels - 1));
}

/** At most so many UTF-16 units of it, and no half of a character at the end. */
export function cutText(text: string, most: number): string {
  const end = /[\ud800-\udbff]/.test(text.charAt(most - 1)) ? most - 1 : most;
  return text.length <= most ? text : text.slice(0, end);
}
