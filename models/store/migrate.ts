/** Bring a database forward to this version. Runs each migration once, in order; the names are kept in `migrations`. */
import { QueryTypes } from 'sequelize';
import { Umzug, type UmzugStorage } from 'umzug';
import type { Database } from './database.ts';
import { migration0001 } from './migrations/0001-parties-and-catalogue.ts';
import { migration0002 } from './migrations/0002-licences-and-services.ts';
import { migration0003 } from './migrations/0003-log-and-exchange.ts';
import { migration0004 } from './migrations/0004-lease-owners.ts';
import { migration0005 } from './migrations/0005-personal-credentials.ts';
import { migration0006 } from './migrations/0006-audit-subjects.ts';
import { migration0007 } from './migrations/0007-cases-seals-and-uses.ts';
import { migration0008 } from './migrations/0008-seal-life.ts';
import { migration0009 } from './migrations/0009-key-use-and-revocation.ts';
import { migration0010 } from './migrations/0010-queue.ts';
import { migration0011 } from './migrations/0011-front-end-profiles.ts';
import { migration0012 } from './migrations/0012-province-exchange.ts';
import { migration0013 } from './migrations/0013-reconciliation.ts';
import { migration0014 } from './migrations/0014-change-feed-and-webhooks.ts';
import { migration0015 } from './migrations/0015-imports.ts';
import { migration0016 } from './migrations/0016-registry-comparisons.ts';
import { migration0018 } from './migrations/0018-henan-subjects.ts';
import { migration0019 } from './migrations/0019-waiting-machines.ts';
import { migration0020 } from './migrations/0020-retention-and-indexes.ts';
import { migration0021 } from './migrations/0021-slow-machines.ts';
import { migration0022 } from './migrations/0022-due-times.ts';
import { migration0023 } from './migrations/0023-notices-and-told-clocks.ts';
import { migration0024 } from './migrations/0024-licence-life.ts';
import { migration0025 } from './migrations/0025-desks.ts';
import { migration0026 } from './migrations/0026-objections.ts';
import { migration0027 } from './migrations/0027-supervision.ts';
import { migration0028 } from './migrations/0028-ways-in.ts';
import { migration0029 } from './migrations/0029-analyses.ts';
import { migration0030 } from './migrations/0030-archives-and-prints.ts';
import { migration0031 } from './migrations/0031-withdrawn-cases.ts';
import { migration0032 } from './migrations/0032-indexes-and-unwatched.ts';
import { migration0033 } from './migrations/0033-paper-judged.ts';
import { migration0034 } from './migrations/0034-supervision-marks.ts';
import { migration0035 } from './migrations/0035-former-versions.ts';
import { migration0036 } from './migrations/0036-counted-batches.ts';
import { migration0038 } from './migrations/0038-clock-pasts.ts';
import type { Migration, MigrationContext } from './migrations/migration.ts';

const MIGRATIONS: readonly Migration[] = [
  migration0001,
  migration0002,
  migration0003,
  migration0004,
  migration0005,
  migration0006,
  migration0007,
  migration0008,
  migration0009,
  migration0010,
  migration0011,
  migration0012,
  migration0013,
  migration0014,
  migration0015,
  migration0016,
  migration0018,
  migration0019,
  migration0020,
  migration0021,
  migration0022,
  migration0023,
  migration0024,
  migration0025,
  migration0026,
  migration0027,
  migration0028,
  migration0029,
  migration0030,
  migration0031,
  migration0032,
  migration0033,
  migration0034,
  migration0035,
  migration0036,
  migration0038,
];

function makeUmzug(context: MigrationContext): Umzug<MigrationContext> {
  return new Umzug({
    context,
    migrations: MIGRATIONS.map((migration) => ({
      name: migration.name,
      up: ({ context: given }) => migration.up(given),
    })),
    storage: nameTable(context),
    logger: undefined,
  });
}

/** Which migrations were run, kept beside what they made and written with it. */
function nameTable({ sequelize, transaction }: MigrationContext): UmzugStorage {
  const options = transaction ? { transaction } : {};
  return {
    async executed() {
      await sequelize.query('CREATE TABLE IF NOT EXISTS migrations (name VARCHAR(190) NOT NULL PRIMARY KEY)', options);
      const sql = 'SELECT name FROM migrations ORDER BY name';
      const rows = await sequelize.query<{ name: string }>(sql, { ...options, type: QueryTypes.SELECT });
      return rows.map(({ name }) => name);
    },
    async logMigration({ name }) {
      await sequelize.query('INSERT INTO migrations (name) VALUES (?)', { ...options, replacements: [name] });
    },
    async unlogMigration({ name }) {
      await sequelize.query('DELETE FROM migrations WHERE name = ?', { ...options, replacements: [name] });
    },
  };
}

const LOCK_SECONDS = 120;

/** Names of the migrations that were run now. Processes that start together wait for each other: on SQLite by the one
 *  writer's lock, on a server by a named lock, because there a change of tables ends the transaction. */
export async function migrate(db: Database): Promise<string[]> {
  const { sequelize, dialect } = db;
  return sequelize.transaction(async (transaction) => {
    const named = "CONCAT('zhengku migrate ', DATABASE())";
    if (dialect === 'mysql') await sequelize.query(`SELECT GET_LOCK(${named}, ${LOCK_SECONDS})`, { transaction });
    try {
      const done = await makeUmzug({ sequelize, dialect, transaction }).up();
      return done.map((migration) => migration.name);
    } finally {
      if (dialect === 'mysql') await sequelize.query(`SELECT RELEASE_LOCK(${named})`, { transaction });
    }
  });
}

/** Names of the migrations still to run. */
export async function pendingMigrations(db: Database): Promise<string[]> {
  const pending = await makeUmzug(db).pending();
  return pending.map((migration) => migration.name);
}
