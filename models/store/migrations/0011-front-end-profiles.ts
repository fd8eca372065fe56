/** Front-end machines have a profile of tables; catalogue codes come back from the province; what still waits for a person is
 *  found without reading everything that was ever applied. Frozen: later versions add migrations beside it. */
import { createTable, type Migration } from './migration.ts';

export const migration0011: Migration = {
  name: '0011-front-end-profiles',
  async up(context) {
    const { sequelize, transaction } = context;
    const options = transaction ? { transaction } : {};
    await sequelize.query("ALTER TABLE front_ends ADD COLUMN profile VARCHAR(190) NOT NULL DEFAULT 'zhengku'", options);
    await sequelize.query('CREATE INDEX applied_rows_awaiting ON applied_rows (receipt_code, id)', options);
    await createTable(context, 'province_catalogue_codes', {
      columns: ['code KEY NOT NULL PRIMARY KEY', 'provincial_code TEXT(190) NOT NULL', 'at INSTANT NOT NULL'],
    });
    await createTable(context, 'told_catalogue_codes', {
      columns: ['id KEY NOT NULL PRIMARY KEY', 'provincial_code TEXT(190) NOT NULL', 'at INSTANT NOT NULL'],
    });
  },
};
