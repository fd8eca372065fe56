import { expect } from 'chai';
import { turnLicencesJob } from '../../../jobs/turn-licences.ts';
import { verifyAudit } from '../../../models/audit/verify-audit.ts';
import { houseCaller } from '../../../models/house.ts';
import { toPointedFaults } from '../../../models/kernel/zod-faults.ts';
import {
  changeStatus,
  changeStatuses,
  type StatusChange,
  statusChangeSchema,
} from '../../../models/licence/change-status.ts';
import { readLicence } from '../../../models/licence/read-licence.ts';
import type { LicenceColumns } from '../../../models/licence/rows.ts';
import { turnLicences } from '../../../models/licence/turn-licences.ts';
import { withdrawPlannedMove } from '../../../models/licence/withdraw-planned-move.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { clerk, ISSUER, openFurnishedHouse, otherClerk } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { rowOf } from './issue-one.ts';
import { composePlanted, plant } from './plant-licence.ts';

const START = '2026-03-02T01:00:00.000Z';
const BASIS = '行政许可法第七十条';

eachDatabase('the clock of licences', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });
  beforeEach(() => house.time.set(START));
  after(() => house.close());

  const plantOne = async (more: Partial<LicenceColumns> = {}) => {
    const licence = composePlanted(house, more);
    await plant(house, [licence]);
    return licence.id;
  };
  const turn = () => turnLicences(house, houseCaller('test'));
  const change = (id: string, more: Partial<StatusChange> = {}, by = clerk) =>
    changeStatus(house, by, id, { act: 'suspend', legalBasis: BASIS, reason: '核查', ...more });
  const stepsOf = async (id: string) => {
    const rows = await house.db.rows.changes.findAll({ where: { licenceId: id }, order: [['sequence', 'ASC']] });
    return rows.map(({ act, fromStatus, toStatus, actor, effectiveAt }) =>
      [act, fromStatus ?? '-', toStatus, actor, effectiveAt.toISOString()].join(' '),
    );
  };

  it('brings each licence into force and to its end at 0:00 of its day, once, however late it runs', async () => {
    const early = await plantOne({ status: 'not-yet-effective', validFrom: '2026-03-05', validTo: '2026-03-07' });
    const suspended = await plantOne({ status: 'suspended', validTo: '2026-03-06' });
    const open = await plantOne({ validTo: null });
    const always = await plantOne({ validTo: '9999-12-31' });
    expect((await rowOf(house, always)).turnsOn).to.equal(null);
    const revoked = await plantOne({ status: 'revoked', validTo: '2026-03-06' });
    const returned = await plantOne({ source: 'province', validTo: '2026-03-06' });
    expect(await turn()).to.equal(0);
    house.time.set('2026-03-04T15:59:59.999Z');
    expect(await turn()).to.equal(0);
    // the scheduler stood still for days, and two run at once when it is back
    house.time.set('2026-03-09T03:21:00Z');
    const ran = await Promise.all([turn(), turn()]);
    expect(ran[0] + ran[1]).to.equal(3);
    expect(await turnLicencesJob.run(house, houseCaller('test'), {} as never)).to.equal(undefined);
    expect((await stepsOf(early)).slice(1)).to.deep.equal([
      'take-effect not-yet-effective valid clock 2026-03-04T16:00:00.000Z',
      'expire valid expired clock 2026-03-07T16:00:00.000Z',
    ]);
    expect((await stepsOf(suspended)).slice(1)).to.deep.equal([
      'expire suspended expired clock 2026-03-06T16:00:00.000Z',
    ]);
    for (const id of [open, always, revoked, returned]) expect(await stepsOf(id)).to.have.length(1);
    const told = await house.db.rows.changeIntake.findAll({
      where: { subjectId: early },
      order: [['sequence', 'ASC']],
    });
    expect(told.map(({ act, status, sequence }) => [act, status, sequence])).to.deep.equal([
      ['take-effect', 'valid', 3],
      ['expire', 'expired', 4],
    ]);
    expect(await verifyAudit(house)).to.include({ holds: true });
  });

  it('is not waited for: who acts first writes down what was due before', async () => {
    const id = await plantOne({ validTo: '2026-03-06' });
    house.time.set('2026-03-07T01:00:00Z');
    await change(id, { act: 'cancel' });
    expect((await stepsOf(id)).slice(1)).to.deep.equal([
      'expire valid expired clock 2026-03-06T16:00:00.000Z',
      'cancel expired cancelled clerk 2026-03-07T01:00:00.000Z',
    ]);
    expect((await rowOf(house, id)).turnsOn).to.equal(null);
  });

  it('holds an act as of a time that has passed, but not before what is in effect', async () => {
    const id = await plantOne();
    house.time.set('2026-03-10T00:00:00Z');
    await change(id, { effectiveAt: '2026-03-05T08:00:00+08:00' });
    expect((await stepsOf(id)).at(-1)).to.equal('suspend valid suspended clerk 2026-03-05T00:00:00.000Z');
    const early = await faultOf(change(id, { act: 'resume', effectiveAt: '2026-03-05T07:59:59+08:00' }));
    expect(early.code).to.equal('EFFECTIVE_TOO_EARLY');
    const another = await plantOne({ createdAt: new Date('2026-03-09T00:00:00Z') });
    expect((await faultOf(change(another, { effectiveAt: '2026-03-08T23:59:59Z' }))).code).to.equal(
      'EFFECTIVE_TOO_EARLY',
    );
  });

  it('makes planned moves at their time in the name of who planned them', async () => {
    const id = await plantOne();
    const view = await change(id, { effectiveAt: '2026-03-05T00:00:00Z' });
    expect(view).to.deep.include({ status: 'valid' });
    await change(id, { act: 'resume', effectiveAt: '2026-03-06T00:00:00Z' });
    const twice = await faultOf(change(id, { effectiveAt: '2026-03-05T12:00:00Z' }));
    expect([twice.code, twice.detail]).to.deep.equal(['STATE_CONFLICT', 'suspended → suspend']);
    expect((await faultOf(change(id, { effectiveAt: '2027-03-05T00:00:00Z' }))).code).to.equal('EFFECTIVE_TOO_LATE');
    const never = { act: 'suspend', legalBasis: '规定', reason: '核查', effectiveAt: '2026-02-30T00:00:00Z' };
    const read = statusChangeSchema.safeParse(never, { reportInput: true });
    expect(toPointedFaults(read.error?.issues ?? []).map(({ pointer, code }) => `${pointer} ${code}`)).to.deep.equal([
      '/effectiveAt DATE_IMPOSSIBLE',
    ]);
    house.time.set('2026-03-08T00:00:00Z');
    expect(await turn()).to.equal(2);
    expect((await stepsOf(id)).slice(1)).to.deep.equal([
      'suspend valid suspended clerk 2026-03-05T00:00:00.000Z',
      'resume suspended valid clerk 2026-03-06T00:00:00.000Z',
    ]);
    const after = await readLicence(house, clerk, id);
    expect(after.plannedMoves.map(({ act, state }) => [act, state])).to.deep.equal([
      ['suspend', 'done'],
      ['resume', 'done'],
    ]);
  });

  it('tells when a planned move was no longer legal, and makes none that was withdrawn', async () => {
    const id = await plantOne();
    const at = '2026-03-05T00:00:00Z';
    const { plannedMoves } = await change(id, { effectiveAt: at });
    const moveId = plannedMoves[0]?.moveId ?? '';
    await change(id, { act: 'resume', effectiveAt: '2026-03-06T00:00:00Z' });
    const withdraw = (by = clerk) => withdrawPlannedMove(house, by, { licenceId: id, moveId }, { reason: '不再需要' });
    expect((await faultOf(withdraw(otherClerk))).code).to.equal('NOT_FOUND');
    expect((await withdraw()).plannedMoves[0]).to.include({ state: 'withdrawn', why: '不再需要' });
    expect((await faultOf(withdraw())).code).to.equal('STATE_CONFLICT');
    house.time.set('2026-03-07T00:00:00Z');
    await turn();
    const view = await readLicence(house, clerk, id);
    expect([view.status, view.plannedMoves[1]?.state, view.plannedMoves[1]?.why]).to.deep.equal([
      'valid',
      'failed',
      'valid → resume',
    ]);
    const told = await house.db.rows.notices.findAll({ where: { kind: 'move.failed' } });
    expect(told.map((notice) => notice.recipient)).to.deep.equal([`body:${ISSUER}`]);
    expect(await stepsOf(id)).to.have.length(1);
  });

  it('takes an adverse act only with the rule it rests on', async () => {
    const id = await plantOne();
    for (const act of ['revoke', 'expire'] as const) {
      const fault = await faultOf(changeStatus(house, clerk, id, { act, reason: '核查' }));
      expect(fault.errors, act).to.deep.equal([{ pointer: '/legalBasis', code: 'FIELD_REQUIRED' }]);
    }
    // By tables that have no column for it, it ends years early, and the record says that none was named.
    const item = { licenceId: id, change: { act: 'expire', reason: '核查' }, mayOmitBasis: true } as const;
    await changeStatuses(house, clerk, [item]);
    const ended = await house.db.rows.changes.findOne({ where: { licenceId: id, act: 'expire' } });
    expect(ended?.legalBasis).to.equal('未载明');
  });
});
