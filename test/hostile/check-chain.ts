/** The access log, counted from its raw rows. What is known of its form is written here a second time. */
import { createHash } from 'node:crypto';

type Row = Readonly<Record<string, unknown>>;

const sm3 = (text: string): string => createHash('sm3').update(text).digest('hex');

/** JSON with sorted keys. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${sorted((value as Row)[key])}`).join(',')}}`;
}

/** Each entry holds the hash of the one before; the head is the last. */
export function checkChain(entries: readonly Row[], head: Row | undefined, counts: Record<string, number>): string[] {
  const faults: string[] = [];
  let previous = '0'.repeat(64);
  entries.forEach((row, index) => {
    const { hash, ...columns } = row;
    const named = Object.entries(columns).map(([key, value]) => [
      key.replace(/_(.)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]);
    // UTC on both engines; only SQLite's text says so.
    const at = new Date(`${String(row.at).replace(' +00:00', '').replace(' ', 'T')}Z`).toISOString();
    const entry = {
      ...Object.fromEntries(named),
      seq: Number(row.seq),
      at,
      details: JSON.parse(String(row.details)) as unknown,
    };
    if (Number(row.seq) !== index + 1) faults.push(`log entry ${index + 1} is missing`);
    if (row.previous_hash !== previous) faults.push(`log entry ${String(row.seq)} does not follow the one before`);
    if (sm3(sorted(entry)) !== hash) faults.push(`log entry ${String(row.seq)} has another hash`);
    previous = String(hash);
  });
  if (Number(head?.seq) !== entries.length || (entries.length > 0 && head?.hash !== previous))
    faults.push('the head of the log is not its last entry');
  counts.logEntries = entries.length;
  return faults;
}
