import { expect } from 'chai';
import { type Caller, houseCaller } from '../../../models/house.ts';
import { maintainRecord } from '../../../models/licence/maintain-records.ts';
import { addEvidence } from '../../../models/objection/add-evidence.ts';
import { answerObjection } from '../../../models/objection/answer-objection.ts';
import { assignObjection } from '../../../models/objection/assign-objection.ts';
import { correctObjection, planCorrection } from '../../../models/objection/correct-objection.ts';
import { escalateObjections } from '../../../models/objection/escalate-objections.ts';
import { fileObjection } from '../../../models/objection/file-objection.ts';
import { findDisputed } from '../../../models/objection/find-disputed.ts';
import { remindIssuer } from '../../../models/objection/remind-issuer.ts';
import { withdrawObjection } from '../../../models/objection/withdraw-objection.ts';
import { insertRows } from '../../../models/store/bulk-write.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { bureauOfficer, clerk, openFurnishedHouse, reviewer } from '../../world/sample-entry.ts';
import { callerWith, type TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { composePlanted, plant } from '../licence/plant-licence.ts';
import { EVIDENCE, handIn } from './file-world.ts';
import { ACTS, type Act, ENDS_WAIT, leadsTo, REFUSALS, STATES, STEPS, type State, WAYS } from './objection-moves.ts';

const OPEN: readonly string[] = ['filed', 'upheld', 'correcting'];

/** One objection of a licence of its own. */
interface Case {
  readonly licenceId: string;
  readonly catalogueCode: string;
  readonly identifier: string;
  readonly number: string;
}

eachDatabase('an objection in each of its states', (openDatabase) => {
  let house: TestHouse;
  const holder: Caller = { ...callerWith(['holder'], null, 'holder'), holderId: 'H-1' };
  const text = '状态与实际不一致';
  let unused: ReturnType<typeof composePlanted>[] = [];

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    unused = Array.from({ length: 24 }, (_, n) => composePlanted(house, { identifier: `PLANTED.OBJECTION.${n}` }));
    await plant(house, unused);
    const links = unused.map(({ id }) => ({ id, licenceId: id, holderId: 'H-1', name: '样例', position: 0 }));
    await withTransaction(house.db, (tx) => insertRows(house.db, tx, house.db.rows.licenceHolders, links));
    await house.db.rows.users.create({
      ...{ id: 'U-1', loginName: 'u1', displayName: '李四', organisationCode: clerk.organisationCode },
      ...{ passwordHash: '', roles: ['issuer.clerk'], state: 'active', failedLogins: 0 },
      ...{ lockedUntil: null, holderId: null, createdAt: house.clock() },
    });
  });

  after(() => house.close());

  const answer = (outcome: 'upheld' | 'rejected', number: string) =>
    answerObjection(house, reviewer, number, { outcome, answer: '已经核实', lateReason: '须向原审批单位核实' });
  const file = (identifier: string, more: object = {}) =>
    fileObjection(house, holder, { identifier, text, category: 'status', ...more });

  const DO: Readonly<Record<Act, (one: Case) => Promise<unknown>>> = {
    uphold: ({ number }) => answer('upheld', number),
    reject: ({ number }) => answer('rejected', number),
    withdraw: ({ number }) => withdrawObjection(house, holder, number, {}),
    assign: ({ number }) => assignObjection(house, reviewer, number, { handler: 'U-1' }),
    evidence: async ({ number }) => addEvidence(house, holder, number, await handIn(house, '照片.png', EVIDENCE.png)),
    remind: ({ number }) => remindIssuer(house, bureauOfficer, number, { words: '请尽快办理' }),
    plan: ({ number }) => planCorrection(house, clerk, number, { plan: '恢复为有效' }),
    // There is always a change that could correct it: it is refused for its state or not at all.
    async correct({ number, licenceId }) {
      await maintainRecord(house, clerk, licenceId, { caseNumber: house.newId(), reason: '更正' });
      return correctObjection(house, clerk, number, {});
    },
    again: ({ identifier }) => file(identifier),
    takeUp: ({ identifier, number }) => file(identifier, { category: 'other', follows: number }),
  };

  /** By real acts, all in time. */
  async function bringTo(state: State): Promise<Case> {
    const licence = unused.pop();
    if (!licence?.identifier) throw new RangeError('too few licences were planted');
    const { id: licenceId, catalogueCode, identifier } = licence;
    const { number } = await file(identifier);
    const one = { licenceId, catalogueCode, identifier, number };
    for (const act of WAYS[state]) await DO[act](one);
    return one;
  }

  /** Its row, its history and its clocks. */
  async function lookAt({ number }: Case) {
    const { objections, objectionEvents, deadlines } = house.db.rows;
    const row = (await objections.findOne({ where: { number } }))?.get();
    const objectionId = row?.id ?? '';
    const events = await objectionEvents.findAll({ where: { objectionId }, order: [['id', 'ASC']] });
    const clocks = await deadlines.findAll({ where: { subjectId: [objectionId, row?.correctionId ?? ''] } });
    const running = clocks.filter(({ metAt }) => metAt === null).map(({ kind }) => kind);
    return { row, events: events.map(({ act }) => act as string), running };
  }

  async function expectRefused(one: Case, act: Act) {
    const before = await lookAt(one);
    const { code, errors } = await faultOf(DO[act](one));
    expect(code === 'REQUEST_INVALID' ? errors[0]?.code : code).to.equal(REFUSALS[act] ?? 'STATE_CONFLICT');
    expect(await lookAt(one)).to.deep.equal(before);
  }

  async function expectLegal(one: Case, act: Act, to: State | 'new', isLate: boolean) {
    const before = await lookAt(one);
    await DO[act](one);
    const after = await lookAt(one);
    if (to === 'new') return expect(after).to.deep.equal(before);
    const steps = [...(isLate && ENDS_WAIT.includes(act) ? ['escalated'] : []), STEPS[act]];
    expect(after.row?.state).to.equal(to);
    expect(after.events).to.deep.equal([...before.events, ...steps]);
    expectWhole(after, to);
    expect((await findDisputed(house, [{ id: one.licenceId, ...one }])).size === 1).to.equal(OPEN.includes(to));
    return undefined;
  }

  /** What its state says of its clocks, and of another of its kind. */
  function expectWhole({ row, running }: Awaited<ReturnType<typeof lookAt>>, state: State) {
    const clock = { filed: ['objection'], upheld: ['correction'], correcting: ['correction'] };
    expect(running).to.deep.equal((clock as Partial<Record<State, string[]>>)[state] ?? []);
    expect(row?.openKey === null).to.equal(!OPEN.includes(state));
  }

  for (const isLate of [false, true]) {
    it(`takes every act that is legal there, ${isLate ? 'late' : 'in time'}, and refuses every other without a trace`, async function () {
      this.timeout(20_000);
      // Monday 2 March 2026, 09:00 in Shanghai.
      house.time.set('2026-03-02T01:00:00Z');
      const legal: { readonly one: Case; readonly act: Act; readonly to: State | 'new' }[] = [];
      const standing = new Map<State, Case>();
      for (const state of STATES) {
        standing.set(state, await bringTo(state));
        for (const act of ACTS) {
          const to = leadsTo(state, act);
          // What leaves it where it is needs no other.
          const one = to === state || to === 'new' ? standing.get(state) : undefined;
          if (to) legal.push({ one: one ?? (await bringTo(state)), act, to });
        }
      }
      if (isLate) house.time.set('2026-05-06T01:00:00Z');
      for (const [state, one] of standing) {
        expectWhole(await lookAt(one), state);
        for (const act of ACTS) if (!leadsTo(state, act)) await expectRefused(one, act);
      }
      for (const { one, act, to } of legal) await expectLegal(one, act, to, isLate);
      await escalateObjections(house, houseCaller('clock'));
      for (const [state, one] of standing) {
        const { row, events } = await lookAt(one);
        expect(row?.state).to.equal(state);
        expect(events.filter((act) => act === 'escalated')).to.have.length(isLate && OPEN.includes(state) ? 1 : 0);
      }
      expect(await escalateObjections(house, houseCaller('clock'))).to.equal(0);
    });
  }
});
