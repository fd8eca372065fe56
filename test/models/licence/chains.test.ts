import { expect } from 'chai';
import fc from 'fast-check';
import { houseCaller } from '../../../models/house.ts';
import { changeStatus } from '../../../models/licence/change-status.ts';
import { findStanding } from '../../../models/licence/find-standing.ts';
import { readLicence } from '../../../models/licence/read-licence.ts';
import { recordIssues } from '../../../models/licence/record-issues.ts';
import type { LicenceColumns } from '../../../models/licence/rows.ts';
import { turnLicences } from '../../../models/licence/turn-licences.ts';
import { withdrawPlannedMove } from '../../../models/licence/withdraw-planned-move.ts';
import { insertRows } from '../../../models/store/bulk-write.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { clerk, openFurnishedHouse, sealKeeper } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { ChainModel } from './chain-model.ts';
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

  it('is one of at most four, whatever is done to them: never two valid, and one holds the number', async function () {
    this.timeout(60_000);
    const numRuns = house.db.dialect === 'sqlite' ? 25 : 2;
    await fc.assert(fc.asyncProperty(fc.array(anAct, { minLength: 3, maxLength: 14 }), playChain), { numRuns });
  });

  const dayAt = (day: number, hour: number) => new Date(Date.UTC(2026, 2, 2 + day, hour)).toISOString();
  const issueVersion = async (former: string, act: 'amend' | 'replace', from: string) => {
    const before = await rowOf(house, former);
    const waits = from > house.clock().toISOString().slice(0, 10);
    const dates = { status: waits ? 'not-yet-effective' : 'valid', validFrom: from } as const;
    const link = { predecessorId: former, successionAct: act, numberKey: null, successionReason: '申请' };
    const version = { ...composePlanted(house, { ...dates, ...link }), licenceNumber: before.licenceNumber };
    await withTransaction(house.db, async (tx) => {
      await insertRows(house.db, tx, house.db.rows.licences, [version]);
      await recordIssues(house, tx, sealKeeper, [{ licence: version, files: [] }]);
    });
    return version.id;
  };

  const playChain = async (acts: readonly Act[]) => {
    house.time.set(START);
    const first = composePlanted(house);
    await plant(house, [first]);
    const model = new ChainModel(first.id);
    for (const act of acts) {
      await doAct(model, act);
      await compare(model);
    }
    model.moveOn(model.day + 30);
    house.time.set(dayAt(model.day, 1));
    await turn();
    await compare(model);
    const rows = await Promise.all(model.line.map(({ id }) => rowOf(house, id)));
    expect(rows.map(({ status }) => status)).to.deep.equal(model.line.map(({ stand }) => stand));
    expect(rows.filter(({ numberKey }) => numberKey !== null).map(({ id }) => id)).to.deep.equal([model.holder.id]);
  };

  const compare = async (model: ChainModel) => {
    const stand = await standingOf(model.line.map(({ id }) => id));
    expect(stand).to.deep.equal(model.line.map((one) => one.stand));
    expect(stand.filter((one) => one === 'valid')).to.have.length.at.most(1);
  };

  const doAct = async (model: ChainModel, act: Act) => {
    const words = { legalBasis: '规定', reason: '误发' };
    const refused = (doing: Promise<unknown>) => faultOf(doing).then(({ code }) => code);
    const suspended = model.line.filter(({ stand }) => stand === 'suspended');
    const ended = act.newest ? model.newest : model.inPlace;
    const alive = ['not-yet-effective', 'valid', 'suspended'].includes(ended.stand);
    if (act.kind === 'wait') {
      model.moveOn(model.day + act.days);
      house.time.set(dayAt(model.day, 1));
    } else if (act.kind === 'turn') await turn();
    else if (act.kind === 'amend' || act.kind === 'replace') {
      if (model.line.length > 3) return;
      // Until the clock has written down that a version ended before it began, its place counts as taken.
      if (model.newest !== model.line.at(-1)) await turn();
      const from = model.day + act.days;
      const issuing = issueVersion(model.newest.id, act.kind, dayAt(from, 1).slice(0, 10));
      if (model.refuses(from)) expect(await refused(issuing)).to.equal('SUCCESSION_BROKEN');
      else model.issue(await issuing, from, act.kind);
    } else if (act.kind === 'resume')
      for (const one of suspended) {
        const resuming = changeStatus(house, clerk, one.id, { act: 'resume', ...words });
        if (one !== model.inPlace) expect(await refused(resuming)).to.equal('SUCCEEDED_ALREADY');
        else {
          await resuming;
          one.stand = 'valid';
        }
      }
    else if (act.kind === 'suspend') {
      if (model.inPlace.stand !== 'valid') return;
      await changeStatus(house, clerk, model.inPlace.id, { act: 'suspend', ...words });
      model.inPlace.stand = 'suspended';
    } else if (!alive) return;
    else if (act.kind === 'plan') {
      if (ended.voidOn !== undefined) return;
      const day = model.day + act.days;
      const planning = plan(ended.id, 'void', dayAt(day, 2));
      if (model.leavesBy(ended, day)) expect(await refused(planning)).to.equal('STATE_CONFLICT');
      else {
        await planning;
        ended.voidOn = day;
      }
    } else if (act.kind === 'unplan') {
      if (ended.voidOn === undefined) return;
      const { plannedMoves } = await readLicence(house, clerk, ended.id);
      const { moveId = '' } = plannedMoves.find((one) => one.act === 'void' && one.state === 'planned') ?? {};
      await withdrawPlannedMove(house, clerk, { licenceId: ended.id, moveId }, { reason: '误填' });
      ended.voidOn = undefined;
    } else {
      await changeStatus(house, clerk, ended.id, { act: act.kind, ...words });
      model.end(ended, ENDS[act.kind]);
    }
  };
});

const ENDS = { void: 'voided', annul: 'annulled', cancel: 'cancelled', repeal: 'repealed' } as const;
const KINDS = ['amend', 'amend', 'replace', 'wait', 'wait', 'turn', 'suspend', 'resume', 'plan', 'unplan'] as const;
const anAct = fc.record({
  kind: fc.constantFrom(...KINDS, ...(Object.keys(ENDS) as (keyof typeof ENDS)[])),
  days: fc.nat(7),
  /** Done to the newest version, or to the one in place. */
  newest: fc.boolean(),
});
type Act = typeof anAct extends fc.Arbitrary<infer T> ? T : never;
