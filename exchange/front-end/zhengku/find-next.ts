/** Which new rows come next. All new rows stand in one order: by their numbers, a row no earlier than those of its key that go
 *  before it (lower revisions, and lower numbers of the same). Every claim takes the first of what is left of it, so that a row
 *  about a licence never comes in an earlier claim than the row that makes it, whichever keys they have. */
import { columnList, columnText } from '../column-text.ts';
import { groupBy } from '../group-by.ts';
import type { MachinePass } from '../profile.ts';
import { sizeOf } from './read-claimed.ts';
import { type FrontEndTable, ROW_STATES } from './tables.ts';

/** Of payloads in one claim; the others stay new for the next. */
const MOST_BYTES = 24_000_000;

interface Found {
  readonly rowId: number;
  /** The key's bytes; on SQLite they may be no text at all. */
  readonly key: string;
  readonly revision: number;
  readonly bytes: number;
}

/** Numbers of at most so many rows that this pass has not seen, and of no more bytes than a claim may have unless it is one. */
export async function findNext(pass: MachinePass, table: FrontEndTable, most: number): Promise<number[]> {
  for (let reach = most; ; reach *= 2) {
    const found = await lookAhead(pass, table, reach);
    const isAll = found.length < reach;
    const late = isAll ? new Set<number>() : await findLate(pass, table, found);
    const ids = takeFirst(inOrder(found.filter(({ rowId }) => !late.has(rowId))), most);
    // A department may lay down hundreds of revisions from the highest to the lowest.
    if (ids.length > 0 || isAll) return ids;
  }
}

const unseen = (row: string) =>
  `+${row}.state = ${ROW_STATES.new} AND (${row}.claimed_by IS NULL OR ${row}.claimed_by <> ?)`;

async function lookAhead({ connection, owner }: MachinePass, table: FrontEndTable, reach: number): Promise<Found[]> {
  const rows = await connection.query(
    `SELECT row_id, HEX(business_key) AS name, ${columnList(connection.dialect, ['revision'])}, ${sizeOf(connection.dialect, table)} AS size
     FROM ${table} WHERE state = ${ROW_STATES.new} AND (claimed_by IS NULL OR claimed_by <> ?) ORDER BY row_id LIMIT ${reach}`,
    [owner],
  );
  return rows.map((row) => ({
    rowId: Number(row.row_id),
    key: String(row.name),
    revision: Number(columnText(row.revision)) || 0,
    bytes: Number(row.size),
  }));
}

/** Those that stand later than all that was found: a lower revision of their key has a higher number. Each is looked for by its
 *  key (the signs keep SQLite from going through all that is new instead). */
async function findLate(
  { connection, owner }: MachinePass,
  table: FrontEndTable,
  found: readonly Found[],
): Promise<ReadonlySet<number>> {
  const ids = found.map(({ rowId }) => rowId);
  const rows = await connection.query(
    `SELECT DISTINCT own.row_id FROM ${table} own
     CROSS JOIN ${table} low ON low.business_key = own.business_key AND low.revision < own.revision
     WHERE own.row_id IN (${ids.join(', ')}) AND ${unseen('low')} AND +low.row_id > ${ids.at(-1)}`,
    [owner],
  );
  return new Set(rows.map((row) => Number(row.row_id)));
}

function inOrder(found: readonly Found[]): Found[] {
  const placed = [...groupBy(found, ({ key }) => key).values()].flatMap((own) => {
    let place = 0;
    return [...own]
      .sort((a, b) => a.revision - b.revision || a.rowId - b.rowId)
      .map((row) => {
        place = Math.max(place, row.rowId);
        return { row, place };
      });
  });
  return placed.sort((a, b) => a.place - b.place).map(({ row }) => row);
}

function takeFirst(rows: readonly Found[], most: number): number[] {
  const ids: number[] = [];
  let bytes = 0;
  for (const row of rows) {
    bytes += row.bytes;
    if (ids.length === most || (ids.length > 0 && bytes > MOST_BYTES)) break;
    ids.push(row.rowId);
  }
  return ids;
}
