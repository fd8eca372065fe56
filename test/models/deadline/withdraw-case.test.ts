import { expect } from 'chai';
import { closeCase } from '../../../models/deadline/close-case.ts';
import { computeLeague } from '../../../models/deadline/league.ts';
import { listDeadlines } from '../../../models/deadline/list-deadlines.ts';
import { tellClocks } from '../../../models/deadline/tell-clocks.ts';
import { withdrawCase } from '../../../models/deadline/withdraw-case.ts';
import { houseCaller } from '../../../models/house.ts';
import { supervise } from '../../../models/supervision/supervise.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { bureauOfficer, clerk, ENTRY, openFurnishedHouse, otherClerk, reviewer } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf, linesOf } from '../fault-of.ts';
import { submitOne } from '../licence/issue-one.ts';

eachDatabase('a closing notice given by mistake', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });
  after(() => house.close());
  // Monday 2 March 2026, 09:00 in Shanghai.
  beforeEach(() => house.time.set('2026-03-02T01:00:00Z'));

  const of = (caseNumber: string) => ({ caseNumber, catalogueCode: ENTRY.code });
  const close = (caseNumber: string) => {
    const closedAt = house.clock().toISOString();
    return closeCase(house, clerk, { ...of(caseNumber), mode: 'offline', offlineReason: '现场无网络', closedAt });
  };
  const takeBack = (caseNumber: string, by = clerk, more = {}) =>
    withdrawCase(house, by, { ...of(caseNumber), reason: '填错办件', ...more });
  const codeOf = async (act: Promise<unknown>) => (await faultOf(act)).code;
  const listed = async () =>
    (await listDeadlines(house, bureauOfficer, { stage: 'overdue' })).items.map(({ subject }) => subject);
  const counted = async () => (await computeLeague(house, { from: '2026-03-01', to: '2026-03-31' }))[0]?.closed ?? 0;

  it('is taken back by the department before it is overdue, stays on record, and its number is free', async () => {
    await close('误-1');
    expect(await counted()).to.equal(1);
    for (const by of [otherClerk, reviewer]) expect(await codeOf(takeBack('误-1', by))).to.match(/NOT_FOUND|FORBIDDEN/);
    expect(await takeBack('误-1')).to.include({ dueAt: null, withdrawnAt: '2026-03-02T01:00:00.000Z' });
    expect(await codeOf(takeBack('误-1'))).to.equal('NOT_FOUND');
    house.time.set('2026-03-05T01:00:00Z');
    expect(await tellClocks(house)).to.include({ overdue: 0 });
    expect([await listed(), await counted()]).to.deep.equal([[], 0]);
    const kept = await house.db.rows.cases.findOne({ where: { caseNumber: '误-1' } });
    expect(kept).to.include({ withdrawnBy: clerk.id, withdrawnReason: '填错办件' });
    const again = await close('误-1');
    expect(again.dueAt).to.equal('2026-03-06T16:00:00.000Z');
    await submitOne(house, { caseNumber: '误-1' });
    expect(await codeOf(takeBack('误-1'))).to.equal('CASE_HAS_LICENCE');
    expect(await counted()).to.equal(1);
  });

  it('is taken back by the bureau only, once it is overdue, and what was found ends', async () => {
    await close('误-2');
    house.time.set('2026-03-04T01:00:00Z');
    await supervise(house, houseCaller('clock'));
    const findings = () => house.db.rows.findings.findAll({ where: { subject: '误-2' } });
    expect((await findings()).map(({ endedBy }) => endedBy)).to.deep.equal([null]);
    expect(await codeOf(takeBack('误-2'))).to.equal('CASE_OVERDUE');
    expect(linesOf(await faultOf(takeBack('误-2', bureauOfficer)))).to.deep.equal(['/organisationCode FIELD_REQUIRED']);
    await takeBack('误-2', bureauOfficer, { organisationCode: clerk.organisationCode });
    await supervise(house, houseCaller('clock'));
    expect((await findings()).map(({ endedBy }) => endedBy)).to.deep.equal(['withdrawn']);
    expect(await listed()).to.deep.equal([]);
  });
});
