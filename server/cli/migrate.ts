/** `zhengku migrate`: bring the database forward to this version. */
import { parseArgs } from 'node:util';
import { closeDatabase, migrate, openDatabase } from '../../models/store/index.ts';
import { readSettings } from '../settings/settings.ts';

export async function run(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { help: { type: 'boolean' } } });
  if (values.help) {
    process.stdout.write('zhengku migrate\n\nRuns what is missing of the migrations, each once.\n');
    return 0;
  }
  const db = openDatabase(readSettings(process.env).databaseUrl);
  try {
    const names = await migrate(db);
    process.stdout.write(names.length > 0 ? `${names.join('\n')}\n` : 'nothing to do\n');
    return 0;
  } finally {
    await closeDatabase(db);
  }
}
