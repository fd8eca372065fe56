/** Generated licences written directly into the library of the reference province, as if each had been sent and confirmed. Its
 *  tree of digests is grown when the library is opened the next time. */
import Libsql from 'libsql';
import { openLibrary } from '../../server/sandbox/province/library.ts';
import type { messageOf } from './load-licences.ts';

const RECEIVED_AT = '2026-01-05T02:00:10.000Z';

export interface ProvinceLoader {
  add(message: ReturnType<typeof messageOf>): void;
  end(): void;
}

/** @param file the library's database; made when it is not there. Files are named and have no bytes. */
export function openProvinceLoader(file: string): ProvinceLoader {
  openLibrary(file).close();
  const database = new Libsql(file);
  // Without its triggers: they would note every row.
  const triggers = database.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").all() as {
    name: string;
  }[];
  for (const { name } of triggers) database.exec(`DROP TRIGGER ${name}`);
  const put = database.prepare(
    'INSERT OR REPLACE INTO subjects (subject, sequence, digest, record, received_at) VALUES (?, ?, ?, ?, ?)',
  );
  const putBlob = database.prepare("INSERT OR IGNORE INTO blobs (sm3, bytes) VALUES (?, x'')");
  const putFile = database.prepare('INSERT INTO subject_files (subject, name, sm3) VALUES (?, ?, ?)');
  database.exec('PRAGMA synchronous=OFF; BEGIN IMMEDIATE');
  return {
    add({ subject, sequence, digest, record, files }) {
      put.run(subject, sequence, digest, JSON.stringify(record), RECEIVED_AT);
      for (const { name, sm3 } of files) {
        putBlob.run(sm3);
        putFile.run(subject, name, sm3);
      }
    },
    end() {
      database.exec('COMMIT');
      database.close();
    },
  };
}
