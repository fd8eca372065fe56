/** Annual inspections, what was promised by notification and commitment, and sheets that change licences. Frozen: later versions
 *  add migrations beside it. */
import { createTable, type Migration } from './migration.ts';

export const migration0025: Migration = {
  name: '0025-desks',
  async up(context) {
    const { sequelize, transaction } = context;
    const run = (sql: string) => sequelize.query(sql, transaction ? { transaction } : {});
    await run("ALTER TABLE imports ADD COLUMN kind VARCHAR(20) NOT NULL DEFAULT 'licence'");
    await run('CREATE INDEX licences_type ON licences (catalogue_code, id)');
    await createTable(context, 'inspection_plans', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'issuing_body TEXT(18) NOT NULL',
        'policy LONGTEXT NOT NULL',
        'next_on DATE NOT NULL',
      ],
      indexes: ['inspection_plans_next(next_on, id)'],
    });
    await createTable(context, 'inspection_windows', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'catalogue_code TEXT(40) NOT NULL',
        'issuing_body TEXT(18) NOT NULL',
        'year BIGINT NOT NULL',
        'opens_on DATE NOT NULL',
        'closes_on DATE NOT NULL',
        'policy LONGTEXT NOT NULL',
        'state TEXT(20) NOT NULL',
        'filled_to TEXT(190) NOT NULL',
        'opened_at INSTANT NOT NULL',
      ],
      indexes: ['inspection_windows_state(state, id)'],
    });
    await createTable(context, 'inspections', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'licence_id TEXT(40) NOT NULL',
        'catalogue_code TEXT(40) NOT NULL',
        'issuing_body TEXT(18) NOT NULL',
        'year BIGINT NOT NULL',
        'state TEXT(20) NOT NULL',
        'opens_on DATE NOT NULL',
        'closes_on DATE NOT NULL',
        'next_on DATE',
        'on_missed TEXT(20) NOT NULL',
        'legal_basis LONGTEXT NOT NULL',
        'suspended BOOLEAN NOT NULL',
        'statement LONGTEXT',
        'submitted_at INSTANT',
        'reason LONGTEXT',
        'settled_by TEXT(190)',
        'settled_at INSTANT',
        'created_at INSTANT NOT NULL',
      ],
      indexes: [
        'UNIQUE inspections_licence(licence_id, year)',
        'inspections_next(next_on, id)',
        'inspections_body(issuing_body, state, id)',
        'inspections_type(catalogue_code, year, id)',
      ],
    });
    await createTable(context, 'commitments', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'issuing_body TEXT(18) NOT NULL',
        'catalogue_code TEXT(40) NOT NULL',
        'state TEXT(20) NOT NULL',
        'due_on DATE',
        'next_on DATE',
        'rectify_by DATE',
        'told_bodies LONGTEXT NOT NULL',
        'ended_at INSTANT',
        'created_at INSTANT NOT NULL',
      ],
      indexes: [
        'commitments_next(next_on, id)',
        'commitments_due(due_on, id)',
        'commitments_body(issuing_body, state, id)',
        'commitments_state(state, id)',
      ],
    });
    await createTable(context, 'commitment_items', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'licence_id TEXT(40) NOT NULL',
        'place BIGINT NOT NULL',
        'name LONGTEXT NOT NULL',
        'due_on DATE NOT NULL',
        'arrived_at INSTANT',
        'digest TEXT(64)',
        'note LONGTEXT',
      ],
      indexes: ['UNIQUE commitment_items_place(licence_id, place)'],
    });
    await createTable(context, 'commitment_steps', {
      columns: [
        'id KEY NOT NULL PRIMARY KEY',
        'licence_id TEXT(40) NOT NULL',
        'act TEXT(20) NOT NULL',
        'actor TEXT(190) NOT NULL',
        'details LONGTEXT NOT NULL',
        'at INSTANT NOT NULL',
      ],
      indexes: ['commitment_steps_licence(licence_id, id)'],
    });
  },
};
