/** What every house of a test starts with: the tables by the real migrations, the calendar, the development authority with real
 *  keys. Made once in each process and on each engine; a house then starts from a copy. */
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { closeDatabase, openDatabase } from '../../models/store/database.ts';
import { createDatabaseAt } from './mariadb.ts';
import { temporaryFolder } from './temporary-folder.ts';

interface Template<T> {
  readonly outcome: T;
  copyTo(url: string): Promise<void>;
}

const templates = new Map<string, Map<unknown, Promise<Template<unknown>>>>();

/** Make the empty database at `url` as `furnish` would; gives what that gave, or undefined, nothing done, when the database holds
 *  something already.
 *  @param kind the same value: the same furnishing */
export async function copyTemplate<T>(
  url: string,
  kind: unknown,
  furnish: (url: string) => Promise<T>,
): Promise<T | undefined> {
  if (!(await isEmpty(url))) return undefined;
  const engine = url.startsWith('sqlite:') ? 'sqlite' : new URL(url).host;
  const ofEngine = templates.get(engine) ?? new Map<unknown, Promise<Template<T>>>();
  templates.set(engine, ofEngine);
  const template =
    (ofEngine.get(kind) as Promise<Template<T>> | undefined) ??
    (engine === 'sqlite' ? templateFile(furnish) : templateDatabase(url, `house_template_${ofEngine.size}`, furnish));
  ofEngine.set(kind, template);
  const { outcome, copyTo } = await template;
  await copyTo(url);
  return outcome;
}

async function isEmpty(url: string): Promise<boolean> {
  if (url.startsWith('sqlite:')) return !existsSync(fileOf(url));
  const connection = await mysql.createConnection(url);
  const [tables] = await connection.query<RowDataPacket[]>('SHOW TABLES');
  await connection.end();
  return tables.length === 0;
}

const fileOf = (url: string) => url.slice('sqlite:'.length);

async function templateFile<T>(furnish: (url: string) => Promise<T>): Promise<Template<T>> {
  const folder = temporaryFolder().path;
  const [made, from] = [`sqlite:${join(folder, 'made.db')}`, join(folder, 'template.db')];
  const outcome = await furnish(made);
  const db = openDatabase(made);
  // what a connection that is closed leaves in the log beside the file is in the copy too
  await db.sequelize.query(`VACUUM INTO '${from}'`);
  await closeDatabase(db);
  return {
    outcome,
    async copyTo(url) {
      mkdirSync(dirname(fileOf(url)), { recursive: true });
      copyFileSync(from, fileOf(url));
    },
  };
}

async function templateDatabase<T>(
  url: string,
  name: string,
  furnish: (url: string) => Promise<T>,
): Promise<Template<T>> {
  const template = await createDatabaseAt(url, name);
  const outcome = await furnish(template);
  const statements = await statementsFrom(template, name);
  return {
    outcome,
    async copyTo(target) {
      const connection = await mysql.createConnection({ uri: target, multipleStatements: true });
      await connection.query(statements);
      await connection.end();
    },
  };
}

/** Everything that makes an equal database on the same server. */
async function statementsFrom(url: string, name: string): Promise<string> {
  const connection = await mysql.createConnection(url);
  const all = async (sql: string) => (await connection.query<RowDataPacket[]>(sql))[0];
  const made: string[] = ['SET FOREIGN_KEY_CHECKS = 0'];
  const tables = (await all('SHOW TABLES')).map((row) => String(Object.values(row)[0]));
  for (const table of tables) {
    made.push(String((await all(`SHOW CREATE TABLE \`${table}\``))[0]?.['Create Table']));
    if ((await all(`SELECT 1 FROM \`${table}\` LIMIT 1`)).length === 0) continue;
    const names = (await all(`SHOW COLUMNS FROM \`${table}\``)).filter(({ Extra }) => !/GENERATED/.test(Extra));
    const columns = names.map(({ Field }) => `\`${Field}\``).join(', ');
    made.push(`INSERT INTO \`${table}\` (${columns}) SELECT ${columns} FROM ${name}.\`${table}\``);
  }
  const triggers = await all('SHOW TRIGGERS');
  for (const { Trigger, Timing, Event, Table, Statement } of triggers) {
    made.push(`CREATE TRIGGER \`${Trigger}\` ${Timing} ${Event} ON \`${Table}\` FOR EACH ROW ${Statement}`);
  }
  await connection.end();
  return made.join(';\n');
}
