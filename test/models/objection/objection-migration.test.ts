import { expect } from 'chai';
import { closeDatabase, type Database } from '../../../models/store/database.ts';
import { migrate } from '../../../models/store/migrate.ts';
import { migration0001 } from '../../../models/store/migrations/0001-parties-and-catalogue.ts';
import { migration0002 } from '../../../models/store/migrations/0002-licences-and-services.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { openEarlierDatabase } from '../../world/earlier-database.ts';

const FILED = '2026-03-02T10:00:00.500Z';
const ANSWERED = '2026-03-03T10:00:00.000Z';

/** A database as the version before left it. */
async function openPrevious(url: string): Promise<Database> {
  const { db, run, text } = await openEarlierDatabase(url, [migration0001, migration0002]);
  await run(
    `INSERT INTO users (id, login_name, display_name, password_hash, roles, state, failed_logins, holder_id, created_at)
     VALUES ('U1', 'u1', '甲', '', '[]', 'active', 0, 'H1', ?)`,
    [text(FILED)],
  );
  const file = (id: string, by: string, body: string | null, state: string) =>
    run(
      `INSERT INTO objections (id, number, licence_id, issuing_body, filed_by_type, filed_by, organisation_code, text, state,
         answered_by, answered_at, filed_at) VALUES (?, ?, 'L', 'I', ?, ?, ?, '异议内容', ?, ?, ?, ?)`,
      [
        ...[id, `YY${id}`, body ? 'consumer' : 'holder', by, body, state],
        ...(state === 'filed' ? [null, null] : ['R', text(ANSWERED)]),
        text(FILED),
      ],
    );
  await file('1', 'U1', null, 'filed');
  await file('2', 'gone', null, 'rejected');
  await file('3', 'S', 'C', 'upheld');
  return db;
}

eachDatabase('objections of the version before', (openUrl) => {
  let db: Database;

  before(async function () {
    this.timeout(60_000);
    db = await openPrevious(await openUrl());
    await migrate(db);
  });
  after(() => closeDatabase(db));

  it('belong to the party that filed them, and what was upheld waits for its correction', async () => {
    const rows = await db.rows.objections.findAll({ order: [['id', 'ASC']] });
    expect(rows.map(({ party, state, category, openKey }) => [party, state, category, openKey])).to.deep.equal([
      ['holder:H1', 'filed', 'other', null],
      ['account:gone', 'rejected', 'other', null],
      ['body:C', 'upheld', 'other', null],
    ]);
  });

  it('have the history that can be told of them', async () => {
    const rows = await db.rows.objectionEvents.findAll({ order: [['id', 'ASC']] });
    expect(rows.map((row) => [row.objectionId, row.act, row.side, row.actor, row.at.toISOString()])).to.deep.equal([
      ['1', 'filed', 'objector', 'U1', FILED],
      ['2', 'filed', 'objector', 'gone', FILED],
      ['2', 'rejected', 'issuer', 'R', ANSWERED],
      ['3', 'filed', 'objector', 'S', FILED],
      ['3', 'upheld', 'issuer', 'R', ANSWERED],
    ]);
  });
});
