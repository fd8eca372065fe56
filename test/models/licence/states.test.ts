import { expect } from 'chai';
import { changeStatus } from '../../../models/licence/change-status.ts';
import {
  LICENCE_STATUSES,
  type LicenceStatus,
  MOVES as MOVE_TABLE,
  nextStatus,
  type StatusAct,
  statusOn,
} from '../../../models/licence/states.ts';
import { drainOutbox } from '../../../models/store/outbox/drain-outbox.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { clerk, openFurnishedHouse, otherClerk } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { issueOne } from './issue-one.ts';
import { ACTS, MOVES } from './legal-moves.ts';

describe('the status of a licence', () => {
  for (const [status, row] of Object.entries(MOVES)) {
    const targets = row.trim().split(/\s+/);
    for (const [index, act] of ACTS.entries()) {
      const to = targets[index] === '-' ? undefined : targets[index];
      it(`${status}: ${act} ${to ? `leads to ${to}` : 'is not legal'}`, () => {
        expect(nextStatus(status as LicenceStatus, act)).to.equal(to);
      });
    }
  }

  it('and its acts are all in the table above', () => {
    expect(Object.keys(MOVES)).to.have.members(Object.keys(LICENCE_STATUSES));
    expect([...ACTS]).to.have.members(Object.keys(MOVE_TABLE));
    for (const row of Object.values(MOVES)) expect(row.trim().split(/\s+/)).to.have.length(ACTS.length);
  });

  it('is taken from the holder only with the rule it rests on', () => {
    const adverse = (Object.keys(MOVE_TABLE) as (keyof typeof MOVE_TABLE)[]).filter(
      (act) => MOVE_TABLE[act].needsBasis,
    );
    expect(adverse).to.have.members(['suspend', 'cancel', 'revoke', 'annul', 'void', 'repeal', 'expire']);
  });

  const on = (today: string, status: LicenceStatus | null = 'valid', validTo: string | null = '2031-03-01') =>
    statusOn({ status, validFrom: '2026-03-02', validTo }, today);

  it('follows its dates: valid from the first day to the last, both included', () => {
    expect(on('2026-03-01')).to.equal('not-yet-effective');
    expect(on('2026-03-02')).to.equal('valid');
    expect(on('2031-03-01')).to.equal('valid');
    expect(on('2031-03-02')).to.equal('expired');
    expect(on('2026-03-02', 'not-yet-effective')).to.equal('valid');
    expect(on('2099-01-01', 'valid', null)).to.equal('valid');
  });

  it('of a suspension ends with the last day', () => {
    for (const today of ['2026-03-01', '2031-03-01']) expect(on(today, 'suspended')).to.equal('suspended');
    expect(on('2031-03-02', 'suspended')).to.equal('expired');
    expect(on('2031-03-02', 'suspended', null)).to.equal('suspended');
  });

  it('that a department decided is not undone by dates', () => {
    for (const status of ['expired', 'cancelled', 'revoked', 'annulled', 'voided', 'repealed', 'superseded'] as const) {
      for (const today of ['2026-03-01', '2026-03-02', '2031-03-02']) expect(on(today, status)).to.equal(status);
    }
    expect(on('2026-03-02', null)).to.equal(null);
  });
});

eachDatabase('a change of status', (openDatabase) => {
  let house: TestHouse;
  let licenceId: string;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    licenceId = (await issueOne(house)).licenceId;
  });

  after(() => house.close());

  const change = (act: StatusAct, caller = clerk) =>
    changeStatus(house, caller, licenceId, { act, legalBasis: '行政许可法第七十条', reason: '测试' });

  it('is recorded with who, on what ground, from and to, and tells the province in order', async () => {
    await change('suspend');
    const view = await change('resume');
    expect(view.status).to.equal('valid');
    expect(view.changes.map(({ act, fromStatus, toStatus }) => `${act} ${fromStatus} ${toStatus}`)).to.deep.equal([
      'issue null valid',
      'suspend valid suspended',
      'resume suspended valid',
    ]);
    expect(view.changes.at(-1)).to.include({ legalBasis: '行政许可法第七十条', reason: '测试' });
    const sent: unknown[] = [];
    await drainOutbox(house, 'province', (turns) => {
      const own = turns.filter(({ subject }) => subject === `licence:${licenceId}`);
      sent.push(...own.flatMap(({ items }) => items.map(({ payload }) => payload)));
      return Promise.resolve({ outcomes: turns.map(() => undefined) });
    });
    expect(sent).to.deep.equal([2, 3, 4].map((sequence) => ({ licenceId, sequence })));
  });

  it('that is not legal is refused and leaves nothing', async () => {
    expect((await faultOf(change('resume'))).code).to.equal('STATE_CONFLICT');
    expect(await house.db.rows.changes.count({ where: { licenceId } })).to.equal(3);
  });

  it('is nobody’s but the issuer’s', async () => {
    expect((await faultOf(change('suspend', otherClerk))).code).to.equal('NOT_FOUND');
  });

  it('happens once when two ask for it at once', async () => {
    const outcomes = await Promise.allSettled([change('revoke'), change('cancel')]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
    expect((await faultOf(change('void'))).code).to.equal('STATE_CONFLICT');
  });
});
