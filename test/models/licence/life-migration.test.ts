import { expect } from 'chai';
import { givePositions } from '../../../models/publication/give-positions.ts';
import { closeDatabase, type Database } from '../../../models/store/database.ts';
import { migrate } from '../../../models/store/migrate.ts';
import { migration0001 } from '../../../models/store/migrations/0001-parties-and-catalogue.ts';
import { migration0002 } from '../../../models/store/migrations/0002-licences-and-services.ts';
import { migration0014 } from '../../../models/store/migrations/0014-change-feed-and-webhooks.ts';
import { migration0035 } from '../../../models/store/migrations/0035-former-versions.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { openEarlierDatabase } from '../../world/earlier-database.ts';
import type { TestHouse } from '../../world/test-house.ts';

/** A database as the version before left it, as far as a licence's life goes. */
async function openPrevious(url: string): Promise<Database> {
  const { db, run, text } = await openEarlierDatabase(url, [migration0001, migration0002, migration0014]);
  const at = text('2026-03-02T10:00:00.500Z');
  const licence = (id: string, status: string, from: string | null, to: string | null, source = 'api') =>
    run(
      `INSERT INTO licences (id, catalogue_code, catalogue_version, issuing_body, state, status, licence_number, fields,
         valid_from, valid_to, commitment, source, content_digest, sequence, created_at, created_by, updated_at)
       VALUES (?, 'C', 1, 'I', 'issued', ?, ?, '{}', ?, ?, 0, ?, 'd', 3, ?, 'u', ?)`,
      [id, status, id, from, to, source, at, at],
    );
  await licence('always', 'valid', '2026-03-01', '9999-12-31');
  await licence('early', 'not-yet-effective', '2026-04-01', '2026-12-31');
  await licence('open', 'valid', null, null);
  await licence('returned', 'valid', '2026-03-01', '2026-12-31', 'province');
  await licence('revoked', 'revoked', '2026-03-01', '2026-12-31');
  await licence('suspended', 'suspended', '2026-03-01', '2026-12-31');
  await licence('valid', 'valid', '2026-03-01', '2028-02-28');
  const change = (id: string, sequence: number, act: string, from: string | null, to: string) =>
    run(
      `INSERT INTO licence_changes (id, licence_id, sequence, act, from_status, to_status, actor, effective_at, created_at)
       VALUES (?, 'valid', ?, ?, ?, ?, 'u', ?, ?)`,
      [id, sequence, act, from, to, at, at],
    );
  await change('1', 2, 'issue', null, 'valid');
  await change('2', 3, 'amend', 'valid', 'valid');
  await run(
    `INSERT INTO change_intake (type, subject_id, identifier, sequence, act, status, commitment, issuing_body, catalogue_code, at_ms)
     VALUES ('licence', 'valid', 'X', 3, 'amend', 'valid', 0, 'I', 'C', 1)`,
  );
  await run(
    `INSERT INTO subscriptions (id, organisation_code, name, url, acts, signing, state, position, failures, created_at, created_by)
     VALUES ('S', 'I', 's', 'https://x.example', '["revoke","amend"]', 'hmac', 'active', 0, 0, ?, 'u')`,
    [at],
  );
  return db;
}

eachDatabase('licences of the version before', (openUrl) => {
  let db: Database;

  before(async function () {
    this.timeout(60_000);
    db = await openPrevious(await openUrl());
    await migrate(db);
  });
  after(() => closeDatabase(db));

  it('are turned by the clock on the day after their last, or on their first', async () => {
    const rows = await db.rows.licences.findAll({ order: [['id', 'ASC']] });
    expect(rows.map(({ id, turnsOn }) => [id, turnsOn])).to.deep.equal([
      ['always', null],
      ['early', '2026-04-01'],
      ['open', null],
      ['returned', null],
      ['revoked', null],
      ['suspended', '2027-01-01'],
      ['valid', '2028-02-29'],
    ]);
  });

  it('keep their data maintenance under its new name, in the records, the feed and what is subscribed to', async () => {
    const changes = await db.rows.changes.findAll({ order: [['sequence', 'ASC']] });
    expect(changes.map(({ act, replaced }) => [act, replaced])).to.deep.equal([
      ['issue', null],
      ['maintain', null],
    ]);
    await givePositions({ db } as TestHouse);
    expect((await db.rows.changeFeed.findAll()).map(({ act }) => act)).to.deep.equal(['maintain']);
    expect((await db.rows.subscriptions.findByPk('S'))?.acts).to.deep.equal(['revoke', 'maintain']);
  });

  it('name the version they were made from', async () => {
    const { sequelize, dialect } = db;
    await sequelize.query(`DROP INDEX licences_former${dialect === 'mysql' ? ' ON licences' : ''}`);
    await sequelize.query('ALTER TABLE licences DROP COLUMN former_id');
    await sequelize.query("UPDATE licences SET predecessor_id = 'valid' WHERE id = 'early'");
    await migration0035.up({ sequelize, dialect });
    const rows = await db.rows.licences.findAll({ order: [['id', 'ASC']] });
    const named = rows.flatMap(({ id, formerId }) => (formerId === null ? [] : [[id, formerId]]));
    expect(named).to.deep.equal([['early', 'valid']]);
  });
});
