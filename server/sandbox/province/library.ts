/** What the provincial library holds, in its own SQLite file: the newest state of each subject, files by their digest, codes
 *  given to catalogue entries, and licences that it gives back to the city. Changes of one batch are kept together. */
import Libsql from 'libsql';
import { SCHEMA, takeOverOldFiles } from './schema.ts';
import { type LibraryTree, openTree } from './tree.ts';

export interface HeldSubject {
  readonly subject: string;
  readonly sequence: number;
  readonly digest: string;
  /** JSON as it came. */
  readonly record: string;
  readonly receivedAt: string;
}

export interface NamedFile {
  readonly name: string;
  readonly sm3: string;
}

export interface HeldFile extends NamedFile {
  readonly bytes: Uint8Array;
}

/** A licence that a provincial or national system issued. */
export interface PlantedLicence {
  readonly subject: string;
  readonly sequence: number;
  readonly digest: string;
  readonly record: unknown;
  readonly files: readonly HeldFile[];
}

export interface Library {
  find(subject: string): HeldSubject | undefined;
  files(subject: string): HeldFile[];
  /** Digests of the files of a subject. */
  named(subject: string): Set<string>;
  /** Which of these digests it has. */
  holds(digests: readonly string[]): Set<string>;
  bytes(sm3: string): Uint8Array | undefined;
  keepFiles(files: readonly { readonly sm3: string; readonly bytes: Uint8Array }[]): void;
  /** The newest state takes the place of the older, with the names of its files; all of a batch or nothing. */
  keepAll(batch: readonly { readonly held: HeldSubject; readonly files: readonly NamedFile[] }[]): void;
  /** One, with its files. */
  keep(held: HeldSubject, files: readonly HeldFile[]): void;
  remove(subject: string): void;
  /** In the order of subjects. */
  page(after: string, limit: number): HeldSubject[];
  count(): number;
  /** 目录代码 of entries, numbered as they were given. */
  codes(after: number, limit: number): { number: number; code: string; provincialCode: string }[];
  plant(licence: PlantedLicence): void;
  /** Numbered as they were planted; a later state of a licence is a further one. */
  planted(after: number, limit: number): { number: number; json: string }[];
  /** The city's signed request, as it came. */
  keepWithdrawal(id: string, proof: { text: string; signature: string; receivedAt: string }): void;
  readonly tree: LibraryTree;
  close(): void;
}

const COLUMNS = 'subject, sequence, digest, record, received_at AS receivedAt';
const toBytes = (value: ArrayBuffer) => new Uint8Array(value);

export function openLibrary(file: string): Library {
  const database = new Libsql(file);
  takeOverOldFiles(database);
  database.exec(SCHEMA);
  const statements = prepare(database);
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
  const putFiles = (files: readonly { readonly sm3: string; readonly bytes: Uint8Array }[]) => {
    for (const { sm3, bytes } of files) statements.putBlob.run(sm3, Buffer.from(bytes));
  };
  const put = ({ subject, sequence, digest, record, receivedAt }: HeldSubject, files: readonly NamedFile[]) => {
    statements.put.run(subject, sequence, digest, record, receivedAt);
    statements.dropFiles.run(subject);
    for (const { name, sm3 } of files) statements.putFile.run(subject, name, sm3);
    if (subject.startsWith('catalogue:')) statements.giveCode.run(...codeOf(subject));
  };
  return {
    find: (subject) => (statements.one.all(subject) as HeldSubject[])[0],
    files: (subject) =>
      (statements.itsFiles.all(subject) as { name: string; sm3: string; bytes: ArrayBuffer }[]).map((one) => ({
        ...one,
        bytes: toBytes(one.bytes),
      })),
    named: (subject) => new Set((statements.itsNames.all(subject) as { sm3: string }[]).map(({ sm3 }) => sm3)),
    holds: (digests) => {
      const found = statements.which.all(JSON.stringify(digests)) as { sm3: string }[];
      return new Set(found.map(({ sm3 }) => sm3));
    },
    bytes: (sm3) => {
      const [row] = statements.blob.all(sm3) as { bytes: ArrayBuffer }[];
      return row && toBytes(row.bytes);
    },
    keepFiles: (files) => together(() => putFiles(files)),
    keepAll: (batch) =>
      together(() => {
        for (const { held, files } of batch) put(held, files);
      }),
    keep: (held, files) =>
      together(() => {
        putFiles(files);
        put(held, files);
      }),
    remove: (subject) =>
      together(() => {
        statements.dropFiles.run(subject);
        statements.drop.run(subject);
      }),
    page: (after, limit) => statements.some.all(after, limit) as HeldSubject[],
    count: () => (statements.count.get() as { held: number }).held,
    codes: (after, limit) => statements.codes.all(after, limit) as ReturnType<Library['codes']>,
    plant: ({ files, ...licence }) =>
      together(() => {
        putFiles(files);
        const named = files.map(({ name, sm3, bytes }) => ({ name, sm3, sizeBytes: bytes.length }));
        statements.plant.run(JSON.stringify({ ...licence, files: named }));
      }),
    planted: (after, limit) => statements.planted.all(after, limit) as ReturnType<Library['planted']>,
    keepWithdrawal: (id, { text, signature, receivedAt }) => {
      statements.keepProof.run(id, text, signature, receivedAt);
    },
    tree,
    close: () => {
      database.close();
    },
  };
}

/** The province names an entry by a number of its own. */
function codeOf(subject: string): [code: string, provincialCode: string] {
  const code = subject.slice('catalogue:'.length);
  return [code, `S41${code}`];
}

function prepare(database: Libsql.Database) {
  const sql = (text: string) => database.prepare(text);
  return {
    one: sql(`SELECT ${COLUMNS} FROM subjects WHERE subject = ? LIMIT 1`),
    some: sql(`SELECT ${COLUMNS} FROM subjects WHERE subject > ? ORDER BY subject LIMIT ?`),
    itsFiles: sql('SELECT name, sm3, bytes FROM files WHERE subject = ? ORDER BY name'),
    itsNames: sql('SELECT sm3 FROM subject_files WHERE subject = ?'),
    which: sql('SELECT sm3 FROM blobs WHERE sm3 IN (SELECT value FROM json_each(?))'),
    blob: sql('SELECT bytes FROM blobs WHERE sm3 = ?'),
    putBlob: sql('INSERT OR IGNORE INTO blobs (sm3, bytes) VALUES (?, ?)'),
    dropFiles: sql('DELETE FROM subject_files WHERE subject = ?'),
    putFile: sql('INSERT INTO subject_files (subject, name, sm3) VALUES (?, ?, ?)'),
    drop: sql('DELETE FROM subjects WHERE subject = ?'),
    put: sql('INSERT OR REPLACE INTO subjects (subject, sequence, digest, record, received_at) VALUES (?, ?, ?, ?, ?)'),
    count: sql('SELECT COUNT(*) AS held FROM subjects'),
    giveCode: sql('INSERT OR IGNORE INTO codes (code, provincial_code) VALUES (?, ?)'),
    codes: sql(
      'SELECT number, code, provincial_code AS provincialCode FROM codes WHERE number > ? ORDER BY number LIMIT ?',
    ),
    keepProof: sql('INSERT OR IGNORE INTO withdrawals (id, text, signature, received_at) VALUES (?, ?, ?, ?)'),
    plant: sql('INSERT INTO planted (json) VALUES (?)'),
    planted: sql('SELECT number, json FROM planted WHERE number > ? ORDER BY number LIMIT ?'),
  };
}
