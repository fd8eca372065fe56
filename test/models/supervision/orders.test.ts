import { expect } from 'chai';
import { saveYear, viewYear } from '../../../models/calendar/index.ts';
import { closeCase } from '../../../models/deadline/close-case.ts';
import { listOverdue } from '../../../models/deadline/list-deadlines.ts';
import { type Caller, houseCaller } from '../../../models/house.ts';
import { sm3Hex } from '../../../models/kernel/digest.ts';
import { listNotices } from '../../../models/notice/index.ts';
import { acknowledgeOrder, answerOrder } from '../../../models/supervision/answer-order.ts';
import { acceptOrder, returnOrder, withdrawOrder } from '../../../models/supervision/check-order.ts';
import { concludeReferral, criticiseOrder, referOrder } from '../../../models/supervision/criticise-order.ts';
import { draftCirculars } from '../../../models/supervision/draft-circulars.ts';
import { issueOrder, type OrderInput } from '../../../models/supervision/issue-order.ts';
import { listFindings, readFinding } from '../../../models/supervision/list-findings.ts';
import { listCirculars, listOrders, readOrder, readReferralRecord } from '../../../models/supervision/list-orders.ts';
import {
  nextOrderState,
  ORDER_ACTS,
  ORDER_STATES,
  type OrderAct,
  type OrderState,
} from '../../../models/supervision/order-moves.ts';
import { supervise } from '../../../models/supervision/supervise.ts';
import { eachDatabase } from '../../world/each-database.ts';
import {
  bureauOfficer,
  CONSUMER,
  clerk,
  ENTRY,
  ISSUER,
  OTHER_ISSUER,
  openFurnishedHouse,
  otherClerk,
  reviewer,
} from '../../world/sample-entry.ts';
import { callerWith, type TestHouse } from '../../world/test-house.ts';
import { faultOf, linesOf } from '../fault-of.ts';

const ACTS = Object.keys(ORDER_ACTS) as OrderAct[];
/** Written down once more, apart from the code. Columns: acknowledge answer accept return criticise refer conclude withdraw. */
const TABLE: Readonly<Record<OrderState, string>> = {
  issued: 'acknowledged - - - criticised - - withdrawn',
  acknowledged: '- answered - - criticised - - withdrawn',
  answered: '- - closed returned criticised - - -',
  returned: '- answered - - criticised - - withdrawn',
  criticised: '- reanswered - - - referred - -',
  reanswered: '- - closed criticised - referred - -',
  referred: '- - - - - - closed -',
  closed: '- - - - - - - -',
  withdrawn: '- - - - - - - -',
};

/** How an order comes to each of its states, every act after its limit. */
const WAYS: Readonly<Record<OrderState, readonly OrderAct[]>> = {
  issued: [],
  acknowledged: ['acknowledge'],
  answered: ['acknowledge', 'answer'],
  returned: ['acknowledge', 'answer', 'return'],
  criticised: ['criticise'],
  reanswered: ['criticise', 'answer'],
  referred: ['criticise', 'refer'],
  closed: ['acknowledge', 'answer', 'accept'],
  withdrawn: ['withdraw'],
};

eachDatabase('rectification orders', (openDatabase) => {
  let house: TestHouse;
  let findings: string[];
  let taken = 0;
  const supervisor = callerWith(['bureau.supervisor'], null, 'supervisor');
  const approver = callerWith(['consumer.approver'], CONSUMER, 'approver');
  const clock = houseCaller('clock');
  const reason = { reason: '已经核查' };
  const referral = { authority: '市纪委监委', legalBasis: '《暂行办法》第二十九条', reason: '拒不整改' };

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    const closedAt = '2026-01-05T09:00:00+08:00';
    const rest = { catalogueCode: ENTRY.code, mode: 'offline', offlineReason: '现场无网络', closedAt } as const;
    for (let at = 0; at < 40; at += 1) await closeCase(house, clerk, { caseNumber: `案-${at}`, ...rest });
    await supervise(house, clock);
    const { items } = await listFindings(house, supervisor, { kind: 'case-late', limit: 200 });
    findings = items.map(({ findingId }) => findingId);
  });

  after(() => house.close());

  // Monday 2 March 2026, 09:00 in Shanghai.
  beforeEach(() => house.time.set('2026-03-02T01:00:00Z'));

  const fresh = () => {
    taken += 1;
    return findings[taken - 1] ?? '';
  };
  const input = (more: Partial<OrderInput> = {}): OrderInput => {
    const order = { organisationCode: ISSUER, persons: ['王一'], demand: '补推全部逾期证照', workingDays: 2 };
    return { ...order, findings: more.findings ?? [fresh()], ...more };
  };
  const issue = (more: Partial<OrderInput> = {}) => issueOrder(house, supervisor, input(more));
  const RUN: Readonly<Record<OrderAct, (id: string) => Promise<{ readonly state: OrderState }>>> = {
    acknowledge: (id) => acknowledgeOrder(house, clerk, id),
    answer: (id) => answerOrder(house, reviewer, id, { answer: '已全部补推' }),
    accept: (id) => acceptOrder(house, supervisor, id, reason),
    return: (id) => returnOrder(house, supervisor, id, reason).catch((error: unknown) => retryWithLimit(id, error)),
    criticise: (id) => criticiseOrder(house, supervisor, id, {}),
    refer: (id) => referOrder(house, supervisor, id, referral),
    conclude: (id) => concludeReferral(house, supervisor, id, { outcome: '给予提醒谈话' }),
    withdraw: (id) => withdrawOrder(house, supervisor, id, reason),
  };
  const retryWithLimit = (id: string, error: unknown) => {
    if ((error as { code?: string }).code !== 'REQUEST_INVALID') throw error;
    return returnOrder(house, supervisor, id, { ...reason, workingDays: 2 });
  };
  const runLate = async (act: OrderAct, id: string) => {
    house.time.advance({ days: 7 });
    if (act === 'criticise') await draftCirculars(house, clock, () => true);
    await RUN[act](id);
  };
  const comeTo = async (state: OrderState) => {
    house.time.set('2026-03-02T01:00:00Z');
    const { orderId } = await issue({ findings: [findings[0] ?? ''] });
    for (const step of WAYS[state]) await runLate(step, orderId);
    house.time.advance({ days: 7 });
    return orderId;
  };
  const free = async (orderId: string) => {
    await house.db.rows.findings.update({ orderId: null }, { where: { orderId } });
    await house.db.rows.orders.update({ state: 'closed' }, { where: { id: orderId } });
  };
  const toldTo = async (caller: Caller, subject: string) =>
    (await listNotices(house, caller, { limit: 200 })).items.filter(({ subjectId }) => subjectId === subject);

  it('move by the table and no other way: every act upon every stage', async function () {
    this.timeout(60_000);
    for (const state of ORDER_STATES) {
      const targets = TABLE[state].split(' ');
      let orderId = await comeTo(state);
      // What is not legal changes nothing: one order may be asked for all of it.
      for (const [at, act] of ACTS.entries()) {
        expect(nextOrderState(state, act), `${state} ${act}`).to.equal(targets[at] === '-' ? undefined : targets[at]);
        if (targets[at] !== '-') continue;
        expect((await faultOf(RUN[act](orderId))).code, `${state} ${act}`).to.equal('ORDER_MOVE_ILLEGAL');
      }
      for (const [at, act] of ACTS.entries()) {
        if (targets[at] === '-') continue;
        if (act === 'criticise') await draftCirculars(house, clock, () => true);
        expect((await RUN[act](orderId)).state, `${state} ${act}`).to.equal(targets[at]);
        await free(orderId);
        orderId = await comeTo(state);
      }
      await free(orderId);
    }
  });

  it('name body, persons, findings and a limit on the calendar, and are numbered without gaps', async () => {
    const first = await issue();
    expect(first).to.include({ organisationName: '样例市城乡建设局', responsibleBody: '办公室', state: 'issued' });
    expect(first.persons).to.deep.equal([{ name: '王一', duty: '经办' }]);
    expect(first.dueAt).to.equal('2026-03-04T16:00:00.000Z');
    const numberOf = ({ number }: { readonly number: string }) => Number(/^数管改字〔2026〕(\d+)号$/.exec(number)?.[1]);
    const faulty = await faultOf(issue({ findings: ['invented', ...first.findings], persons: ['李四'] }));
    expect(linesOf(faulty)).to.deep.equal(['/findings/0 FINDING_UNKNOWN', '/findings/1 FINDING_UNDER_ORDER']);
    expect(linesOf(await faultOf(issue({ persons: ['李四'] })))).to.deep.equal(['/persons/0 PERSON_UNKNOWN']);
    expect(linesOf(await faultOf(issue({ persons: [] })))).to.deep.equal(['/persons PERSONS_REQUIRED']);
    expect(linesOf(await faultOf(issue({ organisationCode: OTHER_ISSUER })))).to.deep.equal([
      '/findings/0 FINDING_UNKNOWN',
    ]);
    const next = await Promise.all([issue(), issue(), issue()]);
    expect(next.map(numberOf).sort((a, b) => a - b)).to.deep.equal([1, 2, 3].map((more) => numberOf(first) + more));
    const told = await toldTo(clerk, first.number);
    expect(told.map(({ kind }) => kind)).to.deep.equal(['order.issued']);
  });

  it('are answered in time, returned with a new limit, accepted; then nothing is changed any more', async () => {
    const { orderId, number, findings: attached } = await issue();
    await acknowledgeOrder(house, clerk, orderId);
    const evidenceDigest = 'ab'.repeat(32);
    const answered = await answerOrder(house, reviewer, orderId, { answer: '已补推一半', evidenceDigest });
    expect(answered).to.include({ state: 'answered', evidenceDigest });
    const asked = await faultOf(returnOrder(house, supervisor, orderId, reason));
    expect(linesOf(asked)).to.deep.equal(['/workingDays FIELD_REQUIRED']);
    const returned = await returnOrder(house, supervisor, orderId, { ...reason, workingDays: 5 });
    expect(returned).to.include({ state: 'returned', rounds: 2, dueAt: '2026-03-09T16:00:00.000Z' });
    house.time.set('2026-03-06T01:00:00Z');
    await supervise(house, clock);
    await answerOrder(house, clerk, orderId, { answer: '已全部补推' });
    const closed = await acceptOrder(house, supervisor, orderId, reason);
    expect(closed).to.include({ state: 'closed', endedAt: '2026-03-06T01:00:00.000Z', circular: null });
    const acts = ['issue', 'acknowledge', 'answer', 'return', 'answer', 'accept'];
    expect(closed.events.map(({ act }) => act)).to.deep.equal(acts);
    for (const act of ACTS) expect((await faultOf(RUN[act](orderId))).code).to.equal('ORDER_MOVE_ILLEGAL');
    expect((await issue({ findings: [...attached] })).findings).to.deep.equal(attached);
    const kinds = (await toldTo(bureauOfficer, number)).map(({ kind }) => kind);
    expect(kinds).to.deep.equal(['order.answered', 'order.answered', 'order.answered']);
    house.time.advance({ days: 30 });
    const overdue = (await listOverdue(house, bureauOfficer, { limit: 200 })).items;
    expect(overdue.filter(({ subject }) => subject === number)).to.deep.equal([]);
  });

  it('not carried out lead to a circular for all to see, then to a referral with the whole record', async () => {
    const { orderId, number } = await issue();
    expect((await faultOf(criticiseOrder(house, supervisor, orderId, {}))).code).to.equal('ORDER_NOT_LATE');
    expect((await faultOf(referOrder(house, supervisor, orderId, referral))).code).to.equal('ORDER_MOVE_ILLEGAL');
    house.time.set('2026-03-06T01:00:00Z');
    await supervise(house, clock);
    await supervise(house, clock);
    for (const caller of [clerk, bureauOfficer]) {
      const late = (await toldTo(caller, number)).filter(({ kind }) => kind === 'order.late');
      expect(late).to.have.length(1);
    }
    const drafts = await listCirculars(house, approver, {});
    expect(drafts.items.filter((circular) => circular.orderId === orderId)).to.deep.equal([]);
    house.time.set('2026-03-07T01:00:00Z');
    const { circular } = await criticiseOrder(house, supervisor, orderId, {});
    expect(circular).to.include({ state: 'published', daysLate: 3 });
    expect(circular?.text)
      .to.include('样例市城乡建设局')
      .and.include(number)
      .and.include('2026年3月4日')
      .and.include('逾期3天');
    const seen = await listCirculars(house, approver, {});
    expect(seen.items.find((one) => one.orderId === orderId)).to.deep.equal(circular);
    expect((await toldTo(approver, circular?.number ?? '')).map(({ kind }) => kind)).to.deep.equal([
      'circular.published',
    ]);
    const { referral: made } = await referOrder(house, supervisor, orderId, referral);
    const bytes = await readReferralRecord(house, bureauOfficer, orderId);
    expect(sm3Hex(bytes)).to.equal(made?.recordDigest);
    const record: unknown = JSON.parse(new TextDecoder().decode(bytes));
    expect(record).to.include({ number }).and.have.nested.property('circular.number', circular?.number);
    expect(record).to.have.nested.property('listed[0].article', '第十一条第二款');
    expect(record).to.have.nested.property('listed[0].lateMinutes').that.is.above(0);
    expect((await faultOf(readReferralRecord(house, clerk, orderId))).code).to.equal('FORBIDDEN');
    const closed = await concludeReferral(house, supervisor, orderId, { outcome: '给予提醒谈话' });
    expect(closed).to.have.nested.property('referral.outcome', '给予提醒谈话');
    const acts = ['issue', 'late', 'criticise', 'refer', 'conclude'];
    expect(closed.events.map(({ act }) => act)).to.deep.equal(acts);
  });

  it('answered after the limit may still be criticised, and once returned three times no new limit is set', async () => {
    const { orderId } = await issue();
    await acknowledgeOrder(house, clerk, orderId);
    house.time.set('2026-03-09T01:00:00Z');
    await answerOrder(house, clerk, orderId, { answer: '已补推一半' });
    await supervise(house, clock);
    expect((await readOrder(house, supervisor, orderId)).circular).to.include({ state: 'draft' });
    for (const rounds of [2, 3]) {
      const returned = await returnOrder(house, supervisor, orderId, { ...reason, workingDays: 1 });
      expect(returned).to.include({ rounds }).and.have.nested.property('circular.state', 'dropped');
      await answerOrder(house, clerk, orderId, { answer: '已补推一半' });
    }
    const full = await faultOf(returnOrder(house, supervisor, orderId, { ...reason, workingDays: 1 }));
    expect(full.code).to.equal('ORDER_RETURNS_FULL');
    const last = await returnOrder(house, supervisor, orderId, reason);
    expect(last).to.include({ state: 'returned', rounds: 3 }).and.have.nested.property('circular.state', 'dropped');
    // Nobody is criticised for a limit that has not passed.
    await supervise(house, clock);
    expect((await faultOf(criticiseOrder(house, supervisor, orderId, {}))).code).to.equal('ORDER_NOT_LATE');
    house.time.set('2026-03-13T01:00:00Z');
    await supervise(house, clock);
    expect((await readOrder(house, supervisor, orderId)).circular).to.include({ state: 'draft' });
    expect((await readOrder(house, clerk, orderId)).circular).to.equal(null);
    expect((await criticiseOrder(house, supervisor, orderId, {})).state).to.equal('criticised');
  });

  it('have no circular drafted for a limit that was set anew between the look and the draft', async () => {
    const [first, second] = [await issue(), await issue()];
    await acknowledgeOrder(house, clerk, second.orderId);
    house.time.set('2026-03-09T01:00:00Z');
    await answerOrder(house, clerk, second.orderId, { answer: '已补推一半' });
    const { sequelize } = house.db;
    const query = sequelize.query.bind(sequelize) as (...given: unknown[]) => Promise<unknown>;
    let returned = false;
    Object.assign(sequelize, {
      query: async (...given: unknown[]) => {
        const result = await query(...given);
        if (!returned && String(given[0]).includes('LEFT JOIN criticism_circulars')) {
          returned = true;
          await returnOrder(house, supervisor, second.orderId, { ...reason, workingDays: 10 });
        }
        return result;
      },
    });
    await draftCirculars(house, clock, () => true);
    Object.assign(sequelize, { query });
    expect((await readOrder(house, supervisor, first.orderId)).circular?.state).to.equal('draft');
    expect((await readOrder(house, supervisor, second.orderId)).circular).to.equal(null);
  });

  it('have their circulars drafted though that of another fails, which is told', async () => {
    const [first, second] = [await issue(), await issue()];
    house.time.set('2026-03-06T01:00:00Z');
    const broken = house.db.rows.orders.findByPk.bind(house.db.rows.orders);
    Object.assign(house.db.rows.orders, {
      findByPk: (id: string, ...given: never[]) =>
        id === first.orderId ? Promise.reject(new Error('broken')) : broken(id, ...given),
    });
    const { failed } = await supervise(house, clock);
    Object.assign(house.db.rows.orders, { findByPk: broken });
    expect(failed).to.deep.equal(['circulars']);
    const circularOf = async (id: string) => (await readOrder(house, supervisor, id)).circular?.state;
    expect([await circularOf(first.orderId), await circularOf(second.orderId)]).to.deep.equal([undefined, 'draft']);
    expect((await supervise(house, clock)).failed).to.deep.equal([]);
    expect(await circularOf(first.orderId)).to.equal('draft');
  });

  it('are criticised by the calendar of now, and name their own legal basis and what the calendar took back', async () => {
    house.time.set('2026-03-09T01:00:00Z');
    const late = { catalogueCode: ENTRY.code, mode: 'offline', offlineReason: '现场无网络' } as const;
    await closeCase(house, clerk, { caseNumber: '案-B', ...late, closedAt: '2026-03-05T09:00:00+08:00' });
    await supervise(house, clock);
    const { items } = await listFindings(house, supervisor, { kind: 'case-late', limit: 1 });
    const moved = items[0]?.findingId ?? '';
    const { orderId } = await issue({ findings: [fresh(), moved], legalBasis: '《样例市条例》第三条' });
    house.time.set('2026-03-11T17:00:00Z');
    await supervise(house, clock);
    const drafted = await readOrder(house, supervisor, orderId);
    expect(drafted.circular?.text).to.include('依据《样例市条例》第三条，现予通报批评').and.not.include('第二十九条');
    const { days } = await viewYear(house, 2026);
    const plain = days.map(({ date, kind, name }) => ({ date, kind, name }));
    const off = ['2026-03-06', '2026-03-09', '2026-03-10', '2026-03-11'];
    const free = off.map((date) => ({ date, kind: 'holiday' as const, name: '停电' }));
    const year = { state: 'published', document: '测试' } as const;
    await saveYear(house, bureauOfficer, 2026, { ...year, days: [...plain, ...free] });
    await supervise(house, clock);
    expect((await readOrder(house, clerk, orderId)).withdrawnFindings).to.deep.equal([moved]);
    expect((await faultOf(criticiseOrder(house, supervisor, orderId, {}))).code).to.equal('ORDER_NOT_LATE');
    await saveYear(house, bureauOfficer, 2026, { ...year, days: plain });
    await supervise(house, clock);
  });

  it('take up anew what lasts, and not what has ended', async () => {
    const [lasting, ended] = [fresh(), fresh()];
    const { orderId } = await issue({ findings: [lasting, ended] });
    await house.db.rows.findings.update({ closedAt: house.clock(), endedBy: 'mended' }, { where: { id: ended } });
    await withdrawOrder(house, supervisor, orderId, reason);
    expect((await readFinding(house, clerk, lasting)).orderId).to.equal(orderId);
    expect(linesOf(await faultOf(issue({ findings: [lasting, ended] })))).to.deep.equal([
      '/findings/1 FINDING_UNKNOWN',
    ]);
    const again = await issue({ findings: [lasting] });
    expect((await readFinding(house, clerk, lasting)).orderId).to.equal(again.orderId);
  });

  it('are read by the body they are for and by the bureau, and not by another body', async () => {
    const { orderId } = await issue();
    expect((await readOrder(house, clerk, orderId)).orderId).to.equal(orderId);
    expect(
      (await listOrders(house, bureauOfficer, { state: 'issued' })).items.map((order) => order.orderId),
    ).to.include(orderId);
    expect((await listOrders(house, otherClerk, {})).items).to.deep.equal([]);
    expect((await faultOf(readOrder(house, otherClerk, orderId))).code).to.equal('NOT_FOUND');
    expect((await faultOf(acknowledgeOrder(house, otherClerk, orderId))).code).to.equal('NOT_FOUND');
    expect((await faultOf(issueOrder(house, bureauOfficer, input()))).code).to.equal('FORBIDDEN');
  });
});
