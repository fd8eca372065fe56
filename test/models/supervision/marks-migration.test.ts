import { expect } from 'chai';
import { QueryTypes } from 'sequelize';
import { closeDatabase, type Database, openDatabase } from '../../../models/store/database.ts';
import { migrate } from '../../../models/store/migrate.ts';
import { eachDatabase } from '../../world/each-database.ts';

const NAMES = ['0034-supervision-marks', '0038-clock-pasts'];
const AT = new Date('2026-03-02T01:00:00Z');
const ADDED = {
  applied_rows: ['refused_since'],
  province_states: ['failing', 'failing_since'],
  front_ends: ['silent_since'],
  deadlines: ['found'],
  paper_reports: ['once_key'],
  paper_requests: ['once_key'],
  supervision_reports: ['pdf_signed'],
};
const INDEXES = [
  ['province_states', 'province_states_failing', "SELECT id FROM province_states WHERE failing = 'held'"],
  ['deadlines', 'deadlines_unfound', 'SELECT id FROM deadlines WHERE late = 1 AND found = 0 ORDER BY id LIMIT 500'],
  ['order_findings', 'order_findings_by', "SELECT id FROM order_findings WHERE finding_id = 'F'"],
  ['supervision_findings', 'supervision_findings_of', "SELECT id FROM supervision_findings WHERE subject_id = 'C'"],
  ['paper_reports', 'paper_reports_once', ''],
  ['paper_requests', 'paper_requests_once', ''],
] as const;

eachDatabase('supervision of the version before', (openUrl) => {
  let db: Database;

  async function fill() {
    const { appliedRows, provinceStates, deadlines, findings, orderFindings, paperReports } = db.rows;
    const applied = { revision: 1, payloadDigest: '', receiptCode: '', receiptText: '', appliedAt: AT };
    for (const receiptState of [2, 3])
      await appliedRows.create({ id: `row-${receiptState}`, ...applied, receiptState });
    for (const state of ['held', 'acknowledged'] as const) {
      const subject = { subjectType: 'licence', subjectId: state, sentSequence: 1, acknowledgedSequence: 0 } as const;
      await provinceStates.create({ id: state, ...subject, state, since: AT, updatedAt: AT });
    }
    const clock = { kind: 'offline-push', organisationCode: 'I', startedAt: AT, openedAt: AT, workingDays: 1 } as const;
    const rest = { dueAt: AT, dueTime: '2026-03-02+1', late: true, metAt: AT };
    for (const id of ['told', 'untold']) await deadlines.create({ id, subjectId: id, ...clock, ...rest });
    await deadlines.create({ id: 'taken', subjectId: 'taken', ...clock, ...rest, late: false, withdrawnAt: AT });
    const finding = { kind: 'case-late', organisationCode: 'I', subject: 'x', article: 'x', since: AT } as const;
    const found = { onceKey: 'told', subjectId: 'told', clock: true, knownAt: AT };
    await findings.create({ id: 'F', ...finding, ...found });
    for (const orderId of ['O1', 'O2']) await orderFindings.create({ id: `${orderId}:F`, orderId, findingId: 'F' });
    const report = { holderId: 'H', organisationCode: 'I', catalogueCode: 'C', text: 'x', obtainable: true };
    for (const [id, state] of Object.entries({ P1: 'dismissed', P2: 'confirmed', P3: 'filed' } as const)) {
      const filed = { number: id, askedOn: '2026-03-02', excepted: false, state, filedAt: AT };
      await paperReports.create({ id, ...report, ...filed });
    }
  }

  before(async function () {
    this.timeout(60_000);
    db = openDatabase(await openUrl());
    await migrate(db);
    await fill();
    const run = (sql: string) => db.sequelize.query(sql);
    for (const [table, index] of INDEXES)
      await run(db.dialect === 'mysql' ? `DROP INDEX ${index} ON ${table}` : `DROP INDEX ${index}`);
    for (const [table, columns] of Object.entries(ADDED))
      for (const column of columns) await run(`ALTER TABLE ${table} DROP COLUMN ${column}`);
    for (const table of ['order_documents', 'clock_pasts']) await run(`DROP TABLE ${table}`);
    for (const name of NAMES) await run(`DELETE FROM migrations WHERE name = '${name}'`);
    expect(await migrate(db)).to.deep.equal(NAMES);
  });
  after(() => closeDatabase(db));

  it('remembers until when a notice stood that was taken back', async () => {
    const pasts = await db.rows.clockPasts.findAll({ raw: true });
    expect(pasts.map(({ deadlineId, metAt }) => [deadlineId, metAt])).to.deep.equal([['taken', null]]);
  });

  it('remembers what is refused, which clocks are found, and reports each demand once', async () => {
    const { appliedRows, provinceStates, findings, paperReports } = db.rows;
    expect((await appliedRows.findAll()).map(({ id, refusedSince }) => [id, refusedSince])).to.have.deep.members([
      ...[['row-2', null] as const, ['row-3', AT] as const],
    ]);
    expect(
      (await provinceStates.findAll()).map(({ failing, failingSince }) => [failing, failingSince]),
    ).to.have.deep.members([...[['held', AT] as const, [null, null] as const]]);
    const unfound = await db.sequelize.query('SELECT id FROM deadlines WHERE found = 0', { type: QueryTypes.SELECT });
    expect(unfound).to.have.deep.members([{ id: 'untold' }, { id: 'taken' }]);
    expect((await findings.findByPk('F'))?.orderId).to.equal('O2');
    const keys = (await paperReports.findAll({ order: [['id', 'ASC']] })).map(({ onceKey }) => onceKey);
    expect(keys).to.deep.equal([null, 'H|I|C|2026-03-02', null]);
  });

  it('answers what every hour is asked for by an index', async () => {
    for (const [, index, sql] of INDEXES.filter(([, , asked]) => asked !== '')) {
      const explain = db.dialect === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
      const plan = await db.sequelize.query(`${explain} ${sql}`, { type: QueryTypes.SELECT });
      expect(JSON.stringify(plan), sql).to.include(index);
    }
  });
});
