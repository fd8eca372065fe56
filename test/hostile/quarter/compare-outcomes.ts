/** Two outcomes side by side: each line as often in the one as in the other. */
import type { Outcome } from './outcome.ts';

/** What is missing, and what is there too often, in words. */
export function compareOutcomes(expected: Outcome, found: Outcome): string[] {
  const parts = Object.keys(expected) as (keyof Outcome)[];
  return parts.flatMap((part) => compareLines(part, textsOf(expected[part]), textsOf(found[part])));
}

const textsOf = (list: readonly unknown[]) =>
  list.map((one) => (typeof one === 'string' ? one : sorted(one as object)));
const sorted = (one: object) =>
  JSON.stringify(Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1))));

export function compareLines(about: string, expected: readonly string[], found: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of expected) counts.set(line, (counts.get(line) ?? 0) + 1);
  for (const line of found) counts.set(line, (counts.get(line) ?? 0) - 1);
  return [...counts].flatMap(([line, left]) => {
    if (left === 0) return [];
    return [
      `${about}: ${left > 0 ? 'missing' : 'too much'}${Math.abs(left) > 1 ? ` ${Math.abs(left)} times` : ''}: ${line}`,
    ];
  });
}
