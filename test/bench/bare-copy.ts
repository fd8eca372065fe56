/** The yardstick of the exchange: the same rows and bytes read from the department's database and written into one of the city's
 *  tables, by the same driver, durable, and nothing else. */
import type mysql from 'mysql2/promise';
import type { ExchangeWorld } from './exchange-world.ts';

/** @param largest row_id after which the rows lie; @returns rows a second, and the highest row_id copied */
export async function bareCopy(
  { department, city }: ExchangeWorld,
  table: 'zk_licence' | 'zk_file',
  after: number,
  rowsAtOnce: number,
): Promise<{ readonly perSec: number; readonly rows: number }> {
  await copyShape(department, city, table);
  const started = performance.now();
  let rows = 0;
  for (let last = after; ; ) {
    const [found] = await department.query<mysql.RowDataPacket[]>(
      `SELECT * FROM ${table} WHERE row_id > ? ORDER BY row_id LIMIT ?`,
      [last, rowsAtOnce],
    );
    if (found.length === 0) break;
    const names = Object.keys(found[0] ?? {});
    const values = found.map((row) => names.map((name) => row[name] as unknown));
    await city.query(`INSERT INTO bare_${table} (${names.join(', ')}) VALUES ?`, [values]);
    rows += found.length;
    last = Number(found.at(-1)?.row_id);
  }
  const perSec = (1000 * rows) / (performance.now() - started);
  await city.query(`TRUNCATE TABLE bare_${table}`);
  return { perSec, rows };
}

async function copyShape(department: mysql.Connection, city: mysql.Connection, table: string): Promise<void> {
  const [rows] = await department.query<mysql.RowDataPacket[]>(`SHOW CREATE TABLE ${table}`);
  const text = String(rows[0]?.['Create Table'] ?? '');
  await city.query(text.replace(/CREATE TABLE `\w+`/, `CREATE TABLE IF NOT EXISTS \`bare_${table}\``));
}
