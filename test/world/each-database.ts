/** The same suite on every database engine: SQLite in a temporary file, MariaDB on the test run's server. */
import { join } from 'node:path';
import { createDatabase, type TestDatabase } from './mariadb.ts';
import { requireProgram } from './programs.ts';
import { type TemporaryFolder, temporaryFolder } from './temporary-folder.ts';

/** Gives the URL of a fresh, empty database; it is dropped after the suite. */
export type OpenDatabase = () => Promise<string>;

/** @param suite declares the tests; `open` may be called in hooks and tests, as often as wanted */
export function eachDatabase(name: string, suite: (open: OpenDatabase) => void): void {
  describe(`${name} (SQLite)`, () => {
    const folders: TemporaryFolder[] = [];
    after(() => {
      for (const folder of folders) folder.remove();
    });
    suite(() => {
      const folder = temporaryFolder();
      folders.push(folder);
      return Promise.resolve(`sqlite:${join(folder.path, 'test.db')}`);
    });
  });
  describe(`${name} (MariaDB)`, () => {
    const databases: TestDatabase[] = [];
    before(function () {
      requireProgram(this, 'mariadbd');
    });
    after(async () => {
      for (const database of databases) await database.drop();
    });
    suite(async () => {
      const database = await createDatabase();
      databases.push(database);
      return database.url;
    });
  });
}
