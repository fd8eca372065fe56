/** What every house of a test starts with: the tables by the real migrations, the calendar, the development authority with real
 *  keys. Made once in each process and on each engine; a house then starts from a copy. */
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { closeDatabase, openDatabase } from '../../models/store/database.ts';
import { createDatabaseAt } from './mariadb.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Furnish the empty database at this URL; gives how much randomness that drew. */
export type Furnish = (url: string) => Promise<number>;

interface Template {
  readonly drawn: number;
  copyTo(url: string): Promise<void>;
}

const templates = new Map<string, Promise<Template>>();

/** Make the empty database at `url` as `furnish` would; gives how much randomness that drew, or undefined, nothing done, when
 *  the database holds something already. */
export async function copyTemplate(url: string, furnish: Furnish): Promise<number | undefined> {
  if (!(await isEmpty(url))) return undefined;
  const engine = url.startsWith('sqlite:') ? 'sqlite' : new URL(url).host;
  let template = templates.get(engine);
  if (!template) {
    template = engine === 'sqlite' ? templateFile(furnish) : templateDatabase(url, furnish);
    templates.set(engine, template);
  }
  const { drawn, copyTo } = await template;
  await copyTo(url);
  return drawn;
}

async function isEmpty(url: string): Promise<boolean> {
  if (url.startsWith('sqlite:')) return !existsSync(fileOf(url));
  const connection = await mysql.createConnection(url);
  const [tables] = await connection.query<RowDataPacket[]>('SHOW TABLES');
  await connection.end();
  return tables.length === 0;
}

const fileOf = (url: string) => url.slice('sqlite:'.length);

async function templateFile(furnish: Furnish): Promise<Template> {
  const folder = temporaryFolder().path;
  const [made, from] = [`sqlite:${join(folder, 'made.db')}`, join(folder, 'template.db')];
  const drawn = await furnish(made);
  const db = openDatabase(made);
  // what a connection that is closed leaves in the log beside the file is in the copy too
  await db.sequelize.query(`VACUUM INTO '${from}'`);
  await closeDatabase(db);
  return {
    drawn,
    async copyTo(url) {
      copyFileSync(from, fileOf(url));
    },
  };
}

async function templateDatabase(url: string, furnish: Furnish): Promise<Template> {
  const template = await createDatabaseAt(url, 'house_template');
  const drawn = await furnish(template);
  const statements = await statementsFrom(template);
  return {
    drawn,
    async copyTo(target) {
      const connection = await mysql.createConnection({ uri: target, multipleStatements: true });
      await connection.query(statements);
      await connection.end();
    },
  };
}

/** Everything that makes an equal database on the same server. */
async function statementsFrom(url: string): Promise<string> {
  const connection = await mysql.createConnection(url);
  const all = async (sql: string) => (await connection.query<RowDataPacket[]>(sql))[0];
  const made: string[] = ['SET FOREIGN_KEY_CHECKS = 0'];
  const tables = (await all('SHOW TABLES')).map((row) => String(Object.values(row)[0]));
  for (const table of tables) {
    made.push(String((await all(`SHOW CREATE TABLE \`${table}\``))[0]?.['Create Table']));
    if ((await all(`SELECT 1 FROM \`${table}\` LIMIT 1`)).length === 0) continue;
    const names = (await all(`SHOW COLUMNS FROM \`${table}\``)).filter(({ Extra }) => !/GENERATED/.test(Extra));
    const columns = names.map(({ Field }) => `\`${Field}\``).join(', ');
    made.push(`INSERT INTO \`${table}\` (${columns}) SELECT ${columns} FROM house_template.\`${table}\``);
  }
  const triggers = await all('SHOW TRIGGERS');
  for (const { Trigger, Timing, Event, Table, Statement } of triggers) {
    made.push(`CREATE TRIGGER \`${Trigger}\` ${Timing} ${Event} ON \`${Table}\` FOR EACH ROW ${Statement}`);
  }
  await connection.end();
  return made.join(';\n');
}
