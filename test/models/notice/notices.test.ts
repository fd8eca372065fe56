import { expect } from 'chai';
import { composeNotice } from '../../../exchange/webhook/compose-notice.ts';
import { listNotices } from '../../../models/notice/list-notices.ts';
import { markNoticeRead } from '../../../models/notice/mark-read.ts';
import { type Notice, tellRecipients } from '../../../models/notice/tell-recipients.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { saveSubscription } from '../../../models/subscription/save-subscription.ts';
import { eachDatabase } from '../../world/each-database.ts';
import {
  auditor,
  bureauOfficer,
  clerk,
  ISSUER,
  openFurnishedHouse,
  otherClerk,
  reviewer,
} from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';

const NOTICE: Notice = {
  ...{ to: `body:${ISSUER}`, kind: 'clock.warned', subjectId: 'clock-1', stage: 'warned' },
  facts: { subject: '案-1', dueAt: '2026-03-03T16:00:00.000Z' },
};
const HOLDER = { ...clerk, id: 'holder-person', organisationCode: null, roles: ['holder'] as const, holderId: 'H1' };

eachDatabase('notices', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });
  after(() => house.close());

  const tell = (...notices: Notice[]) => withTransaction(house.db, (tx) => tellRecipients(house, tx, notices));

  it('are kept once however often they are told, and read by nobody but whom they are for', async () => {
    await tell(NOTICE, NOTICE, { ...NOTICE, to: 'bureau' });
    await tell({ ...NOTICE, facts: { subject: '另一案' } }, { ...NOTICE, to: 'holder:H1', kind: 'objection.answered' });
    const own = await listNotices(house, clerk);
    expect(own.items.map(({ kind, zh, facts, readAt }) => ({ kind, zh, facts, readAt }))).to.deep.equal([
      { kind: 'clock.warned', zh: '时限将到', facts: NOTICE.facts, readAt: null },
    ]);
    expect((await listNotices(house, bureauOfficer)).items.map(({ recipient }) => recipient)).to.deep.equal(['bureau']);
    expect((await listNotices(house, HOLDER)).items.map(({ kind }) => kind)).to.deep.equal(['objection.answered']);
    expect((await listNotices(house, otherClerk)).items).to.deep.equal([]);
    expect((await faultOf(listNotices(house, auditor))).code).to.equal('FORBIDDEN');
  });

  it('are read once: the first reader stands, and only unread ones are listed when asked', async () => {
    const { id = '' } = (await listNotices(house, clerk)).items[0] ?? {};
    expect((await faultOf(markNoticeRead(house, otherClerk, id))).code).to.equal('NOT_FOUND');
    const read = await markNoticeRead(house, clerk, id);
    house.time.advance({ hours: 1 });
    expect(await markNoticeRead(house, reviewer, id)).to.deep.equal(read);
    expect(read.readBy).to.equal(clerk.id);
    await tell({ ...NOTICE, stage: 'again' });
    const listed = async (unread: 'true' | 'false') =>
      (await listNotices(house, clerk, { unread })).items.map(({ stage }) => stage);
    expect(await listed('true')).to.deep.equal(['again']);
    expect(await listed('false')).to.deep.equal(['warned']);
    const first = await listNotices(house, clerk, { limit: 1 });
    expect(first.items.map(({ stage }) => stage)).to.deep.equal(['again']);
    const rest = await listNotices(house, clerk, { limit: 1, after: first.next ?? '' });
    expect([rest.items.map(({ stage }) => stage), rest.next]).to.deep.equal([['warned'], null]);
  });

  it('go once each to the subscriptions of their body that ask for them, and to no other', async () => {
    const common = { name: '审批系统', url: 'https://clerk.example/', signing: 'hmac' as const };
    const { id } = await saveSubscription(house, clerk, { ...common, acts: ['notice'] });
    const only = await saveSubscription(house, clerk, { ...common, acts: ['clock.overdue'] });
    await saveSubscription(house, clerk, common);
    await saveSubscription(house, otherClerk, { ...common, acts: ['notice'] });
    const overdue = { ...NOTICE, kind: 'clock.overdue' as const, stage: 'overdue' };
    await tell(NOTICE, overdue, { ...overdue, to: 'bureau' });
    await tell(overdue, { ...NOTICE, subjectId: 'clock-2' });
    const deliveries = await house.db.rows.deliveries.findAll({ order: [['id', 'ASC']] });
    const told = deliveries.map(({ subscriptionId, kind, content }) => [subscriptionId, kind, content?.kind]);
    expect(told).to.have.deep.members([
      [id, 'told', 'clock.overdue'],
      [only.id, 'told', 'clock.overdue'],
      [id, 'told', 'clock.warned'],
    ]);
    const [first] = deliveries;
    const body = first && composeNotice({ ...first.get(), entry: null });
    expect(JSON.parse(body ?? '{}')).to.deep.include({ type: 'notice.clock.overdue' });
  });
});
