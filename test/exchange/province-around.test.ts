import { expect } from 'chai';
import { ProvinceAway, type ProvinceConnector, type ProvinceMessage } from '../../exchange/province/connector.ts';
import { timeoutOf } from '../../exchange/province/http/line.ts';
import { pushToProvince } from '../../exchange/province/push-to-province.ts';
import { noteLinkUp } from '../../models/exchange-state/index.ts';
import { reviewLicence } from '../../models/licence/review-licence.ts';
import { sealLicence } from '../../models/licence/seal-licence.ts';
import { submitLicence } from '../../models/licence/submit-licence.ts';
import { withTransaction } from '../../models/store/index.ts';
import { clerk, furnish, reviewer, SUBMISSION, sealKeeper } from '../world/sample-entry.ts';
import { openTestHouse, type TestHouse } from '../world/test-house.ts';
import { numberOf } from './department.ts';

const LICENCES = 5;

describe('a message on which the province chokes', function () {
  this.timeout(60_000);
  let house: TestHouse;
  const subjects: string[] = [];
  let poison = new Set<string>();
  let isAway = false;
  let knocks = 0;

  const answer = (messages: readonly ProvinceMessage[]) => {
    const receiptId = house.newId();
    const outcomes = messages.map(({ subject }) => [subject, { outcome: 'accepted' as const, receiptId }] as const);
    const receipts = [{ receiptId, batchId: receiptId, text: '{}', signature: '' }];
    return Promise.resolve({ outcomes: new Map(outcomes), receipts, unbelieved: [] });
  };
  const connector: ProvinceConnector = {
    ...{ name: 'choking', mostItems: 200 },
    async send(messages) {
      knocks += 1;
      if (isAway || messages.some(({ subject }) => poison.has(subject))) throw new ProvinceAway({ detail: 'HTTP 500' });
      return answer(messages);
    },
  };
  const isAcknowledged = (state: string) => house.db.rows.provinceStates.count({ where: { state } });

  before(async () => {
    house = await openTestHouse();
    await furnish(house);
    for (let serial = 1; serial <= LICENCES; serial += 1) {
      const fields = { ...SUBMISSION.fields, licenceNumber: numberOf(serial) };
      const { licenceId } = await submitLicence(house, clerk, { ...SUBMISSION, fields }, { source: 'api' });
      await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
      await sealLicence(house, sealKeeper, licenceId);
      subjects.push(`licence:${(await house.db.rows.licences.findByPk(licenceId))?.identifier}`);
    }
  });

  after(() => house.close());

  it('is blamed for nothing while nothing gets through, and the province hears one request a time', async () => {
    isAway = true;
    for (let time = 1; time <= 12; time += 1) {
      await pushToProvince(house, connector);
      expect(knocks).to.equal(time);
      house.time.advance({ minutes: 3 });
    }
    expect(await house.db.rows.outbox.count({ where: { attempts: 0 } })).to.equal(LICENCES + 1);
    isAway = false;
  });

  it('is left behind by itself, though other answers of the province show the link as up', async () => {
    await house.db.rows.provinceCursors.destroy({ where: {} });
    poison = new Set([subjects[0] ?? '', subjects[3] ?? '']);
    let times = 0;
    for (; times < 10 && (await isAcknowledged('acknowledged')) < LICENCES - 1; times += 1) {
      await pushToProvince(house, connector);
      await withTransaction(house.db, (tx) => noteLinkUp(house, tx, connector.name));
      house.time.advance({ seconds: 1 });
    }
    expect(times).to.be.within(4, 9);
    expect(await isAcknowledged('acknowledged')).to.equal(LICENCES - 1);
    const left = await house.db.rows.outbox.findAll({ raw: true });
    expect(left.map(({ lastError }) => lastError)).to.deep.equal(['UNANSWERED HTTP 500', 'UNANSWERED HTTP 500']);
  });

  it('waits longer each time, does not take the link down, and goes when the province can read it', async () => {
    house.time.advance({ minutes: 30 });
    await pushToProvince(house, connector);
    expect(await house.db.rows.provinceLinks.findByPk(connector.name)).to.include({ failures: 0 });
    expect(await house.db.rows.outbox.count({ where: { attempts: 2 } })).to.equal(2);
    poison = new Set();
    house.time.advance({ minutes: 30 });
    await pushToProvince(house, connector);
    expect(await house.db.rows.outbox.count()).to.equal(0);
    expect(await isAcknowledged('acknowledged')).to.equal(LICENCES + 1);
  });
});

describe('the time that a request to the province is given', () => {
  it('grows with its bytes', () => {
    expect(timeoutOf(0)).to.equal(30_000);
    expect(timeoutOf(60_000_000)).to.be.within(900_000, 1_200_000);
  });
});
