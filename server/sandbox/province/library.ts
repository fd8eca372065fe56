/** What the provincial library holds, in its own SQLite file: the newest state of each subject, and its files. */
import Libsql from 'libsql';
import { type LibraryTree, openTree } from './tree.ts';

export interface HeldSubject {
  readonly subject: string;
  readonly sequence: number;
  readonly digest: string;
  /** JSON as it came. */
  readonly record: string;
  readonly receivedAt: string;
}

export interface HeldFile {
  readonly name: string;
  readonly sm3: string;
  readonly bytes: Uint8Array;
}

export interface Library {
  find(subject: string): HeldSubject | undefined;
  files(subject: string): HeldFile[];
  /** The newest state takes the place of the older, with its files, together or not at all. */
  keep(held: HeldSubject, files: readonly HeldFile[]): void;
  remove(subject: string): void;
  /** In the order of subjects. */
  page(after: string, limit: number): HeldSubject[];
  count(): number;
  /** The city's signed request, as it came. */
  keepWithdrawal(id: string, proof: { text: string; signature: string; receivedAt: string }): void;
  readonly tree: LibraryTree;
  close(): void;
}

const SCHEMA = `
PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000;
CREATE TABLE IF NOT EXISTS subjects (subject TEXT PRIMARY KEY, sequence INTEGER NOT NULL, digest TEXT NOT NULL, record TEXT NOT NULL, received_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS files (subject TEXT NOT NULL, name TEXT NOT NULL, sm3 TEXT NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (subject, name));
CREATE TABLE IF NOT EXISTS withdrawals (id TEXT PRIMARY KEY, text TEXT NOT NULL, signature TEXT NOT NULL, received_at TEXT NOT NULL);
`;

const COLUMNS = 'subject, sequence, digest, record, received_at AS receivedAt';

export function openLibrary(file: string): Library {
  const database = new Libsql(file);
  database.exec(SCHEMA);
  const one = database.prepare(`SELECT ${COLUMNS} FROM subjects WHERE subject = ? LIMIT 1`);
  const some = database.prepare(`SELECT ${COLUMNS} FROM subjects WHERE subject > ? ORDER BY subject LIMIT ?`);
  const itsFiles = database.prepare('SELECT name, sm3, bytes FROM files WHERE subject = ? ORDER BY name');
  const dropFiles = database.prepare('DELETE FROM files WHERE subject = ?');
  const drop = database.prepare('DELETE FROM subjects WHERE subject = ?');
  const put = database.prepare(
    'INSERT OR REPLACE INTO subjects (subject, sequence, digest, record, received_at) VALUES (?, ?, ?, ?, ?)',
  );
  const putFile = database.prepare('INSERT INTO files (subject, name, sm3, bytes) VALUES (?, ?, ?, ?)');
  const keepProof = database.prepare(
    'INSERT OR IGNORE INTO withdrawals (id, text, signature, received_at) VALUES (?, ?, ?, ?)',
  );
  const tree = openTree(database);
  const together = (act: () => void) => {
    database.exec('BEGIN IMMEDIATE');
    try {
      act();
      database.exec('COMMIT');
    } catch (error) {
      database.exec('ROLLBACK');
      throw error;
    }
  };
  return {
    find: (subject) => (one.all(subject) as HeldSubject[])[0],
    files: (subject) =>
      (itsFiles.all(subject) as { name: string; sm3: string; bytes: ArrayBuffer }[]).map((file) => ({
        ...file,
        bytes: new Uint8Array(file.bytes),
      })),
    keep: ({ subject, sequence, digest, record, receivedAt }, files) =>
      together(() => {
        put.run(subject, sequence, digest, record, receivedAt);
        dropFiles.run(subject);
        for (const { name, sm3, bytes } of files) putFile.run(subject, name, sm3, Buffer.from(bytes));
      }),
    remove: (subject) =>
      together(() => {
        dropFiles.run(subject);
        drop.run(subject);
      }),
    page: (after, limit) => some.all(after, limit) as HeldSubject[],
    count: () => (database.prepare('SELECT COUNT(*) AS held FROM subjects').get() as { held: number }).held,
    keepWithdrawal: (id, { text, signature, receivedAt }) => {
      keepProof.run(id, text, signature, receivedAt);
    },
    tree,
    close: () => {
      database.close();
    },
  };
}
