import { expect } from 'chai';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import { houseCaller } from '../../../models/house.ts';
import { findInspection } from '../../../models/inspection/find-inspection.ts';
import {
  listInspections,
  recordResult,
  recordResults,
  runInspections,
  submitStatement,
} from '../../../models/inspection/index.ts';
import { changeStatus } from '../../../models/licence/index.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { bureauOfficer, clerk, ENTRY, openFurnishedHouse, otherClerk } from '../../world/sample-entry.ts';
import { callerWith, type TestHouse } from '../../world/test-house.ts';
import { faultOf as refused } from '../fault-of.ts';
import { issueOne, rowOf } from '../licence/issue-one.ts';

const RULE = '样例市施工许可年检办法第三条';

/** One year of inspections, in which the clockwork is stopped over both the reminder and the closing. */
eachDatabase('annual inspections', (open) => {
  let house: TestHouse;
  let ids: string[];
  let holderId: string;
  const run = () => runInspections(house, houseCaller('clock'));
  const faultOf = async (act: Promise<unknown>) => (await refused(act)).code;
  const NOTHING = { opened: 0, due: 0, reminded: 0, missed: 0 };
  const at = (date: string) => house.time.set(`${date}T02:00:00Z`);
  const states = async () => {
    const { items } = await listInspections(house, bureauOfficer, { year: 2026 });
    return ids.map((id) => items.find(({ licenceId }) => licenceId === id)?.state);
  };
  const noticesOf = async (recipient: string) => {
    const rows = await house.db.rows.notices.findAll({ order: [['id', 'ASC']] });
    const own = rows.filter((row) => row.recipient === recipient);
    return own.map(({ kind, stage, subjectId }) => `${kind} ${stage} ${subjectId}`);
  };

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await open());
    await saveEntry(house, clerk, {
      ...ENTRY,
      inspection: { everyYears: 1, opens: '06-01', closes: '09-30', onMissed: 'suspend', legalBasis: RULE },
    });
    ids = [];
    for (let nth = 0; nth < 4; nth += 1) ids.push((await issueOne(house)).licenceId);
    holderId = (await house.db.rows.licenceHolders.findOne())?.holderId ?? '';
  });

  after(() => house.close());

  it('become due when the window opens, once, for what was issued before', async () => {
    expect(await run()).to.deep.equal(NOTHING);
    at('2026-06-01');
    ids.push((await issueOne(house)).licenceId);
    expect(await run()).to.deep.equal({ ...NOTHING, opened: 1, due: 4 });
    expect(await run()).to.deep.equal(NOTHING);
    expect(await states()).to.deep.equal(['due', 'due', 'due', 'due', undefined]);
    expect(await noticesOf(`body:${ENTRY.issuingBody}`)).to.deep.equal([`inspection.due opened ${ENTRY.code}:2026`]);
    const own = ids.slice(0, 4).map((id) => `inspection.due opened ${id}:2026`);
    expect(await noticesOf(`holder:${holderId}`)).to.have.members(own);
  });

  it('are declared online by the holder and nobody else, and recorded by the department and no other', async () => {
    const holder = { ...callerWith(['holder'], null, 'holder'), holderId };
    const statement = { text: '本年度无违法记录', facts: { 从业人数: '32' } };
    const stranger = { ...holder, holderId: 'NOBODY' };
    expect(await faultOf(submitStatement(house, stranger, `${ids[0]}:2026`, statement))).to.equal('NOT_FOUND');
    const view = await submitStatement(house, holder, `${ids[0]}:2026`, statement);
    expect(view).to.deep.include({ state: 'submitted', statement });
    const kept = await house.db.rows.inspections.findByPk(`${ids[0]}:2026`);
    expect(kept?.statement).to.not.contain('违法');
    expect((await listInspections(house, holder, {})).items).to.have.length(4);
    expect((await listInspections(house, otherClerk, {})).items).to.deep.equal([]);
    const passed = { result: 'passed', reason: '符合' } as const;
    expect(await faultOf(recordResult(house, otherClerk, `${ids[1]}:2026`, passed))).to.equal('NOT_FOUND');
    expect((await recordResult(house, clerk, `${ids[1]}:2026`, passed)).state).to.equal('passed');
    expect(await faultOf(recordResult(house, clerk, `${ids[1]}:2026`, passed))).to.equal('STATE_CONFLICT');
  });

  it('are reminded of a month before closing, though the clock stood still for three days', async () => {
    await changeStatus(house, clerk, ids[3] ?? '', {
      act: 'cancel',
      legalBasis: '行政许可法第七十条',
      reason: '申请注销',
    });
    at('2026-09-03');
    expect(await run()).to.deep.equal({ ...NOTHING, reminded: 1 });
    expect(await run()).to.deep.equal(NOTHING);
    expect(await states()).to.deep.equal(['submitted', 'passed', 'due', 'lapsed', undefined]);
    expect(await noticesOf(`holder:${holderId}`)).to.include(`inspection.due closing ${ids[2]}:2026`);
  });

  it('are missed after the last day and not on it: the licence is suspended by its rule, once', async () => {
    at('2026-09-30');
    expect(await run()).to.deep.equal(NOTHING);
    // In force at the closing, ended while the clock stood still: missed all the same.
    const ended = (await issueOne(house)).licenceId;
    const row = (await house.db.rows.inspections.findByPk(`${ids[2]}:2026`))?.get();
    await house.db.rows.inspections.bulkCreate([{ ...row, id: `${ended}:2026`, licenceId: ended }] as never);
    at('2026-10-02');
    await changeStatus(house, clerk, ended, { act: 'cancel', legalBasis: '行政许可法第七十条', reason: '申请注销' });
    at('2026-10-04');
    expect(await run()).to.deep.equal({ ...NOTHING, missed: 2 });
    expect(await run()).to.deep.equal(NOTHING);
    expect((await house.db.rows.inspections.findByPk(`${ended}:2026`))?.state).to.equal('missed');
    expect((await rowOf(house, ended)).status).to.equal('cancelled');
    expect(await states()).to.deep.equal(['submitted', 'passed', 'missed', 'lapsed', undefined]);
    const changes = await house.db.rows.changes.findAll({ where: { licenceId: ids[2], act: 'suspend' } });
    expect(changes).to.have.length(1);
    expect(changes[0]).to.include({ legalBasis: RULE, actor: 'zhengku', toStatus: 'suspended' });
    // As of 0:00 after the last day, not of the run three days later.
    expect(changes[0]?.effectiveAt.toISOString()).to.equal('2026-09-30T16:00:00.000Z');
    expect((await rowOf(house, ids[2] ?? '')).status).to.equal('suspended');
    expect(await noticesOf(`holder:${holderId}`)).to.include(`inspection.missed closed ${ids[2]}:2026`);
    const told = { year: 2026, state: 'missed', closesOn: '2026-09-30' };
    expect(await findInspection(house, ids[2] ?? '')).to.deep.equal(told);
    expect(await findInspection(house, ids[4] ?? '')).to.equal(null);
  });

  it('are recorded many at once, all or none: failing suspends, passing late resumes', async () => {
    const item = (nth: number, result: 'passed' | 'failed') => ({
      ...{ inspectionId: `${ids[nth]}:2026`, result, reason: '核查' },
    });
    expect(await faultOf(recordResults(house, clerk, [item(2, 'passed'), item(1, 'failed')]))).to.equal(
      'STATE_CONFLICT',
    );
    expect((await states())[2]).to.equal('missed');
    const { items } = await recordResults(house, clerk, [item(2, 'passed'), item(0, 'failed')]);
    expect(items.map(({ state, suspended }) => [state, suspended])).to.deep.equal([
      ['passed', false],
      ['failed', true],
    ]);
    expect((await rowOf(house, ids[2] ?? '')).status).to.equal('valid');
    expect((await rowOf(house, ids[0] ?? '')).status).to.equal('suspended');
  });

  it('lift no other suspension, and suspend anew what was resumed in between', async () => {
    const [punished, spared] = [(await issueOne(house)).licenceId, (await issueOne(house)).licenceId];
    const before = await house.db.rows.inspections.findByPk(`${ids[0]}:2026`);
    const rows = [punished, spared].map((licenceId) => ({
      ...{ ...before?.get(), id: `${licenceId}:2026`, licenceId, state: 'due' as const, suspended: false },
    }));
    await house.db.rows.inspections.bulkCreate(rows as never);
    const record = (id: string, result: 'passed' | 'failed') =>
      recordResult(house, clerk, `${id}:2026`, { result, reason: '核查' });
    for (const id of [punished, spared]) {
      await record(id, 'failed');
      await changeStatus(house, clerk, id, { act: 'resume', reason: '限期补办' });
    }
    await changeStatus(house, clerk, punished, { act: 'suspend', legalBasis: '安全生产法', reason: '事故调查' });
    expect((await record(punished, 'passed')).state).to.equal('passed');
    expect((await rowOf(house, punished)).status).to.equal('suspended');
    expect((await record(spared, 'failed')).suspended).to.equal(true);
    expect((await rowOf(house, spared)).status).to.equal('suspended');
    for (const id of [punished, spared]) {
      const end = { act: 'cancel', legalBasis: '行政许可法第七十条', reason: '申请注销' } as const;
      await changeStatus(house, clerk, id, end);
    }
  });

  it('come again the next year, also for the licence that is suspended', async () => {
    at('2027-06-02');
    expect(await run()).to.deep.equal({ ...NOTHING, opened: 1, due: 4 });
  });
});
