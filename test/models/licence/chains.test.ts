import { expect } from 'chai';
import { houseCaller } from '../../../models/house.ts';
import { changeStatus } from '../../../models/licence/change-status.ts';
import { findStanding } from '../../../models/licence/find-standing.ts';
import { readLicence } from '../../../models/licence/read-licence.ts';
import { recordIssues } from '../../../models/licence/record-issues.ts';
import type { LicenceColumns } from '../../../models/licence/rows.ts';
import { turnLicences } from '../../../models/licence/turn-licences.ts';
import { insertRows } from '../../../models/store/bulk-write.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { clerk, openFurnishedHouse, sealKeeper } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { rowOf } from './issue-one.ts';
import { composePlanted, plant } from './plant-licence.ts';

const START = '2026-03-02T01:00:00.000Z';
const FIRST_DAY = '2026-03-20';

eachDatabase('a licence and its later version, looked at after a standstill', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });
  beforeEach(() => house.time.set(START));
  after(() => house.close());

  /** Issued today, to begin on its first day in its former's place. */
  const plantPair = async () => {
    const former = composePlanted(house, { validTo: '2026-12-31' });
    await plant(house, [former]);
    const dates = { status: 'not-yet-effective', validFrom: FIRST_DAY, validTo: '2027-03-19' } as const;
    const link = { predecessorId: former.id, successionAct: 'renew', numberKey: null } as const;
    const words = { licenceNumber: former.licenceNumber, successionBasis: '规定', successionReason: '申请' };
    const version: LicenceColumns = { ...composePlanted(house, { ...dates, ...link }), ...words };
    await withTransaction(house.db, async (tx) => {
      await insertRows(house.db, tx, house.db.rows.licences, [version]);
      await recordIssues(house, tx, sealKeeper, [{ licence: version, files: [] }]);
    });
    return [former.id, version.id] as const;
  };
  const turn = () => turnLicences(house, houseCaller('test'));
  const plan = (id: string, act: 'void' | 'suspend', effectiveAt: string) =>
    changeStatus(house, clerk, id, { act, legalBasis: '规定', reason: '误发', effectiveAt });
  const statusesOf = async (ids: readonly string[]) =>
    Promise.all(ids.map(async (id) => (await rowOf(house, id)).status));
  const standingOf = async (ids: readonly string[]) => {
    const found = await findStanding(house, await Promise.all(ids.map((id) => rowOf(house, id))));
    return ids.map((id) => found.get(id));
  };

  it('is as if the clock had run all the while: a version voided before its first day takes nobody’s place', async () => {
    const pairs = [await plantPair(), await plantPair(), await plantPair()] as const;
    for (const [, version] of pairs) await plan(version, 'void', '2026-03-18T02:00:00Z');
    house.time.set('2026-03-23T02:00:00Z');
    for (const pair of pairs) expect(await standingOf(pair)).to.deep.equal(['valid', 'voided']);
    // Alone, a former has no version beside it in the hand of the reader.
    expect(await standingOf([pairs[0][0]])).to.deep.equal(['valid']);
    // Whoever acts upon the former alone finds the same as the clock.
    await changeStatus(house, clerk, pairs[1][0], { act: 'suspend', legalBasis: '规定', reason: '核查' });
    expect(await statusesOf(pairs[1])).to.deep.equal(['suspended', 'voided']);
    await turn();
    expect(await statusesOf(pairs[0])).to.deep.equal(['valid', 'voided']);
    for (const [former, version] of pairs) {
      const { plannedMoves, succeededBy } = await readLicence(house, clerk, former);
      expect([plannedMoves[0]?.state, succeededBy]).to.deep.equal(['withdrawn', null]);
      expect((await rowOf(house, version)).numberKey).to.equal(null);
      expect((await rowOf(house, former)).numberKey).to.not.equal(null);
    }
    expect(await turn()).to.equal(0);
  });

  it('is told in the order of its times: what ended before its own end was the version’s to take', async () => {
    const [former, version] = await plantPair();
    await plan(version, 'void', '2026-03-21T02:00:00Z');
    house.time.set('2026-03-23T02:00:00Z');
    expect(await standingOf([former, version])).to.deep.equal(['superseded', 'voided']);
    await turn();
    expect(await statusesOf([former, version])).to.deep.equal(['superseded', 'voided']);
    const told = await house.db.rows.changeIntake.findAll({ order: [['entry', 'DESC']], limit: 3 });
    expect(told.map(({ act }) => act).at(0)).to.equal('void');
    expect(told.map(({ act }) => act)).to.have.members(['void', 'take-effect', 'renew']);
  });

  it('of which the former was suspended: its renewal fails and the department is told, the version begins by its date', async () => {
    const [former, version] = await plantPair();
    await plan(former, 'suspend', '2026-03-10T02:00:00Z');
    house.time.set('2026-03-23T02:00:00Z');
    expect(await standingOf([former, version])).to.deep.equal(['suspended', 'valid']);
    await turn();
    expect(await statusesOf([former, version])).to.deep.equal(['suspended', 'valid']);
    const { plannedMoves } = await readLicence(house, clerk, former);
    const renewal = plannedMoves.find(({ act }) => act === 'renew');
    expect(renewal).to.include({ state: 'failed', why: 'suspended → renew' });
    const told = await house.db.rows.notices.findAll({ where: { subjectId: renewal?.moveId ?? '' } });
    expect(told.map(({ kind }) => kind)).to.deep.equal(['move.failed']);
  });
});
