/** What Henan's reference province holds: the newest state of each row it has moved, and every move, in its own SQLite file. */
import Libsql from 'libsql';

export interface HeldRow {
  readonly tableName: string;
  readonly rowKey: string;
  /** Columns as JSON, without the file. */
  readonly columns: string;
  /** SHA-256 of the column with the file, hex; empty when there is none. */
  readonly fileSha256: string;
  readonly movedAt: string;
}

export interface HenanLibrary {
  find(tableName: string, rowKey: string): HeldRow | undefined;
  list(tableName: string): HeldRow[];
  /** Moves of a row so far, oldest first: the columns each brought. */
  moves(tableName: string, rowKey: string): string[];
  keep(rows: readonly HeldRow[]): void;
  catalogIds(): string[];
  close(): void;
}

const SCHEMA = `
PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000;
CREATE TABLE IF NOT EXISTS held (table_name TEXT NOT NULL, row_key TEXT NOT NULL, columns TEXT NOT NULL, file_sha256 TEXT NOT NULL, moved_at TEXT NOT NULL, PRIMARY KEY (table_name, row_key));
CREATE TABLE IF NOT EXISTS moves (id INTEGER PRIMARY KEY AUTOINCREMENT, table_name TEXT NOT NULL, row_key TEXT NOT NULL, columns TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS moves_key ON moves (table_name, row_key);
`;
const COLUMNS = 'table_name AS tableName, row_key AS rowKey, columns, file_sha256 AS fileSha256, moved_at AS movedAt';

export function openHenanLibrary(file: string): HenanLibrary {
  const database = new Libsql(file);
  database.exec(SCHEMA);
  const put = database.prepare(
    'INSERT OR REPLACE INTO held (table_name, row_key, columns, file_sha256, moved_at) VALUES (?, ?, ?, ?, ?)',
  );
  const note = database.prepare('INSERT INTO moves (table_name, row_key, columns) VALUES (?, ?, ?)');
  const one = database.prepare(`SELECT ${COLUMNS} FROM held WHERE table_name = ? AND row_key = ?`);
  const some = database.prepare(`SELECT ${COLUMNS} FROM held WHERE table_name = ? ORDER BY row_key`);
  const moved = database.prepare('SELECT columns FROM moves WHERE table_name = ? AND row_key = ? ORDER BY id');
  return {
    find: (tableName, rowKey) => (one.all(tableName, rowKey) as HeldRow[])[0],
    list: (tableName) => some.all(tableName) as HeldRow[],
    moves: (tableName, rowKey) => (moved.all(tableName, rowKey) as { columns: string }[]).map(({ columns }) => columns),
    keep(rows) {
      database.exec('BEGIN IMMEDIATE');
      try {
        for (const { tableName, rowKey, columns, fileSha256, movedAt } of rows) {
          put.run(tableName, rowKey, columns, fileSha256, movedAt);
          note.run(tableName, rowKey, columns);
        }
        database.exec('COMMIT');
      } catch (error) {
        database.exec('ROLLBACK');
        throw error;
      }
    },
    catalogIds: () => (some.all('hn_catalog_release') as HeldRow[]).map(({ rowKey }) => rowKey),
    close: () => {
      database.close();
    },
  };
}
