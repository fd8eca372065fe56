/** Tables of the provincial library. */
import type Libsql from 'libsql';

export const SCHEMA = `
PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000;
CREATE TABLE IF NOT EXISTS subjects (subject TEXT PRIMARY KEY, sequence INTEGER NOT NULL, digest TEXT NOT NULL, record TEXT NOT NULL, received_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS blobs (sm3 TEXT PRIMARY KEY, bytes BLOB NOT NULL);
CREATE TABLE IF NOT EXISTS subject_files (subject TEXT NOT NULL, name TEXT NOT NULL, sm3 TEXT NOT NULL, PRIMARY KEY (subject, name));
CREATE TABLE IF NOT EXISTS withdrawals (id TEXT PRIMARY KEY, text TEXT NOT NULL, signature TEXT NOT NULL, received_at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS codes (number INTEGER PRIMARY KEY AUTOINCREMENT, code TEXT NOT NULL UNIQUE, provincial_code TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS planted (number INTEGER PRIMARY KEY AUTOINCREMENT, json TEXT NOT NULL);
CREATE VIEW IF NOT EXISTS files AS SELECT subject, name, subject_files.sm3 AS sm3, bytes FROM subject_files JOIN blobs ON blobs.sm3 = subject_files.sm3;
`;

/** A library of before files lay under their digests: they are moved, once. */
export function takeOverOldFiles(database: Libsql.Database): void {
  const old = database.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'files'").all();
  if (old.length === 0) return;
  database.exec(`BEGIN IMMEDIATE;
    CREATE TABLE blobs (sm3 TEXT PRIMARY KEY, bytes BLOB NOT NULL);
    CREATE TABLE subject_files (subject TEXT NOT NULL, name TEXT NOT NULL, sm3 TEXT NOT NULL, PRIMARY KEY (subject, name));
    INSERT OR IGNORE INTO blobs (sm3, bytes) SELECT sm3, bytes FROM files;
    INSERT INTO subject_files (subject, name, sm3) SELECT subject, name, sm3 FROM files;
    DROP TABLE files; COMMIT`);
}
