/** A process that brings a database forward and tells which migrations it ran: `node --import tsx migrate-once.ts <url>`. */
import { closeDatabase, openDatabase } from '../../../models/store/database.ts';
import { migrate } from '../../../models/store/migrate.ts';

const db = openDatabase(process.argv[2] ?? '');
for (const name of await migrate(db)) process.stdout.write(`${name}\n`);
await closeDatabase(db);
