import { expect } from 'chai';
import { QueryTypes } from 'sequelize';
import { closeDatabase, type Database, openDatabase } from '../../../models/store/database.ts';
import { migrate } from '../../../models/store/migrate.ts';
import { eachDatabase } from '../../world/each-database.ts';

const NAME = '0032-indexes-and-unwatched';
const INDEXES = [
  ['uses', 'uses_body', "SELECT id FROM uses WHERE organisation_code = 'A' AND created_at > '2026-01-01'"],
  ['copies', 'copies_use', "SELECT id FROM copies WHERE use_id = 'U'"],
  ['licences', 'licences_plain_number', "SELECT id FROM licences WHERE licence_number IN ('N1', 'N2')"],
  ['licences', 'licences_body_case', "SELECT id FROM licences WHERE issuing_body = 'A' AND case_number = 'C'"],
] as const;

eachDatabase('a database of the version before', (openUrl) => {
  let db: Database;
  const run = (sql: string) => db.sequelize.query(sql);

  /** A promise with dates of which the first were told to be late. */
  async function promise(id: string, owed: readonly string[], more: object = {}, told: readonly string[] = []) {
    const { commitments, commitmentItems, notices } = db.rows;
    const at = new Date('2026-03-01T00:00:00Z');
    await commitments.create({
      ...{ id, issuingBody: 'ISSUER', catalogueCode: 'E', state: 'open', dueOn: owed[0] ?? null, nextOn: null },
      ...{ rectifyBy: null, toldBodies: [], endedAt: null, createdAt: at },
      ...more,
    });
    for (const [index, dueOn] of owed.entries()) {
      const facts = { licenceId: id, place: index + 1, name: 'x', dueOn, digest: null, note: null };
      await commitmentItems.create({ id: `${id}:${index}`, ...facts, arrivedAt: id === 'arrived' ? at : null });
    }
    for (const stage of told) {
      const notice = { recipient: 'body:ISSUER', kind: 'commitment.late', subjectId: id, stage, facts: {} } as const;
      await notices.create({ id: `${id}-${stage}`, ...notice, createdAt: at, readAt: null, readBy: null });
    }
  }

  before(async function () {
    this.timeout(60_000);
    db = openDatabase(await openUrl());
    await migrate(db);
    for (const [table, index] of INDEXES)
      await run(db.dialect === 'mysql' ? `DROP INDEX ${index} ON ${table}` : `DROP INDEX ${index}`);
    await run(`DELETE FROM migrations WHERE name = '${NAME}'`);
    await promise('second', ['2026-03-10', '2026-03-20'], {}, ['2026-03-10']);
    await promise('told', ['2026-03-10'], {}, ['2026-03-10']);
    await promise('rectify', ['2026-03-20'], { rectifyBy: '2026-03-12' });
    await promise('arrived', ['2026-03-20'], {});
    await promise('watched', ['2026-03-10', '2026-03-20'], { nextOn: '2026-03-11' });
    await promise('ended', ['2026-03-20'], { state: 'ended' });
    expect(await migrate(db)).to.deep.equal([NAME]);
  });
  after(() => closeDatabase(db));

  it('has its forgotten promises watched again, and no others', async () => {
    const rows = await db.rows.commitments.findAll();
    expect(Object.fromEntries(rows.map(({ id, nextOn }) => [id, nextOn]))).to.deep.equal({
      ...{ second: '2026-03-17', told: null, rectify: '2026-03-09' },
      ...{ arrived: null, watched: '2026-03-11', ended: null },
    });
  });

  it('answers what many rows are asked for by an index', async () => {
    for (const [, index, sql] of INDEXES) {
      const explain = db.dialect === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
      const plan = await db.sequelize.query(`${explain} ${sql}`, { type: QueryTypes.SELECT });
      expect(JSON.stringify(plan), sql).to.include(index);
    }
  });
});
