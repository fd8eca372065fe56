/** The province's task as a reference: it moves what waits in the front-end tables into its library, gives entries their codes, and
 *  refuses what is wrong into the inbox. A row that is overwritten while it is moved is moved again. */
import {
  type FrontEndConnection,
  markMoved,
  type PhysicalRow,
  readLarge,
  readWaiting,
} from '../../../exchange/henan/index.ts';
import type { Clock } from '../../../models/kernel/clock.ts';
import { toShanghaiTime } from '../../../models/kernel/clock.ts';
import { sm3Hex } from '../../../models/kernel/digest.ts';
import { judgeLicenceRow } from './judge-row.ts';
import type { HeldRow, HenanLibrary } from './library.ts';

export interface TaskFaults {
  /** Does nothing at all. */
  stopped?: boolean;
  /** Entries are moved, but get no code. */
  withholdCodes?: boolean;
  /** Stores rows and ends before it has marked them. */
  diesBeforeMarking?: boolean;
  /** Refuses a row with this reason. */
  refuse?: (row: PhysicalRow) => string | undefined;
  /** Runs between reading rows and marking them. */
  meanwhile?: () => Promise<void>;
}

export interface TaskOptions {
  readonly connection: FrontEndConnection;
  readonly library: HenanLibrary;
  readonly trust: readonly Uint8Array[];
  readonly clock: Clock;
  readonly faults: TaskFaults;
}

const BATCH = 100;
const INBOX = 'dn_lic_data_error';

/** How many rows were moved. */
export async function moveRows(options: TaskOptions): Promise<number> {
  if (options.faults.stopped) return 0;
  let moved = 0;
  for (const table of ['hn_catalog_sync', 'hn_license_sync'] as const) {
    for (let after = ''; ; ) {
      const rows = await readWaiting(options.connection, table, after, BATCH);
      const last = rows.at(-1);
      if (!last) break;
      after = last.key;
      await moveBatch(options, table, rows);
      moved += rows.length;
    }
  }
  return moved;
}

type Table = 'hn_catalog_sync' | 'hn_license_sync';

async function moveBatch(options: TaskOptions, table: Table, rows: readonly PhysicalRow[]): Promise<void> {
  const { connection, library, faults, clock } = options;
  const now = toShanghaiTime(clock());
  const refused: [key: string, reason: string][] = [];
  const held: HeldRow[] = [];
  for (const row of rows) {
    const reason = faults.refuse?.(row) ?? (table === 'hn_license_sync' ? await judge(options, row) : undefined);
    if (reason) refused.push([row.key, reason]);
    else held.push(toHeld(table, row, now));
  }
  library.keep(held);
  await faults.meanwhile?.();
  if (faults.diesBeforeMarking) throw new Error('the task has ended');
  if (refused.length > 0) await refuse(connection, refused, now);
  if (table === 'hn_catalog_sync' && !faults.withholdCodes) await release(options, held, now);
  const statements = await markMoved(connection, table, rows, now);
  await connection.transaction(statements);
}

async function judge({ connection, trust, clock }: TaskOptions, row: PhysicalRow): Promise<string | undefined> {
  const codes = await connection.query('SELECT catalog_id FROM hn_catalog_release WHERE catalog_id = ?', [
    row.text.catalog_id ?? '',
  ]);
  const content = await readLarge(connection, 'hn_license_sync', 'license_file', row.key);
  const catalogIds = new Set(codes.length > 0 ? [row.text.catalog_id ?? ''] : []);
  return judgeLicenceRow(row, content ?? new Uint8Array(), { catalogIds, trust, now: clock() });
}

function toHeld(tableName: Table, { key, text, file }: PhysicalRow, movedAt: string): HeldRow {
  const { sync_state: _, sync_date: __, ...columns } = text;
  return { tableName, rowKey: key, columns: JSON.stringify(columns), fileSha256: file?.sha256 ?? '', movedAt };
}

async function refuse(
  connection: FrontEndConnection,
  refused: readonly (readonly [key: string, reason: string])[],
  now: string,
): Promise<void> {
  await connection.execute(
    `CREATE TABLE IF NOT EXISTS ${INBOX} (certificate_source_id VARCHAR(160) NOT NULL, error_remark VARCHAR(2000), cd_operation VARCHAR(8), cd_batch VARCHAR(64), cd_time VARCHAR(32))`,
  );
  for (const [key, reason] of refused) {
    await connection.execute(
      `INSERT INTO ${INBOX} (certificate_source_id, error_remark, cd_operation, cd_batch, cd_time) VALUES (?, ?, ?, ?, ?)`,
      [key, reason, 'I', now, now],
    );
  }
}

/** The code of an entry is made of it once and for ever. */
async function release({ connection }: TaskOptions, held: readonly HeldRow[], now: string): Promise<void> {
  const same = [
    ...['catalog_no', 'license_name', 'license_type', 'licence_type_code', 'issue_unit', 'issue_unitname'],
    ...['whose', 'state', 'category', 'area_code', 'create_date'],
  ];
  for (const { rowKey } of held) {
    const catalogId = catalogIdOf(rowKey);
    const known = await connection.query('SELECT 1 FROM hn_catalog_release WHERE catalog_id = ?', [catalogId]);
    if (known.length > 0) continue;
    await connection.execute(
      `INSERT INTO hn_catalog_release (catalog_id, ${same.join(', ')}, update_date, sync_state)
       SELECT ?, ${same.join(', ')}, ?, 0 FROM hn_catalog_sync WHERE catalog_no = ?`,
      [catalogId, now, rowKey],
    );
  }
}

export const catalogIdOf = (catalogNo: string): string => sm3Hex(`catalog ${catalogNo}`).slice(0, 32);
