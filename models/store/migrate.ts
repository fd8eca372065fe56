/** Bring a database forward to this version. Runs each migration once, in order; the names are kept in `migrations`. */
import { SequelizeStorage, Umzug } from 'umzug';
import type { Database } from './database.ts';
import { migration0001 } from './migrations/0001-parties-and-catalogue.ts';
import { migration0002 } from './migrations/0002-licences-and-services.ts';
import { migration0003 } from './migrations/0003-log-and-exchange.ts';
import type { Migration, MigrationContext } from './migrations/migration.ts';

const MIGRATIONS: readonly Migration[] = [migration0001, migration0002, migration0003];

function makeUmzug(db: Database): Umzug<MigrationContext> {
  const context: MigrationContext = { sequelize: db.sequelize, dialect: db.dialect };
  return new Umzug({
    context,
    migrations: MIGRATIONS.map((migration) => ({
      name: migration.name,
      up: ({ context: given }) => migration.up(given),
    })),
    storage: new SequelizeStorage({ sequelize: db.sequelize, modelName: 'migrations', tableName: 'migrations' }),
    logger: undefined,
  });
}

/** Names of the migrations that were run now. */
export async function migrate(db: Database): Promise<string[]> {
  const done = await makeUmzug(db).up();
  return done.map((migration) => migration.name);
}

/** Names of the migrations still to run. */
export async function pendingMigrations(db: Database): Promise<string[]> {
  const pending = await makeUmzug(db).pending();
  return pending.map((migration) => migration.name);
}
