import { expect } from 'chai';
import { ProvinceAway, type ProvinceConnector, type ProvinceMessage } from '../../exchange/province/connector.ts';
import { timeoutOf } from '../../exchange/province/http/line.ts';
import { pushToProvince } from '../../exchange/province/push-to-province.ts';
import { changeStatus } from '../../models/licence/change-status.ts';
import { reviewLicence } from '../../models/licence/review-licence.ts';
import { sealLicence } from '../../models/licence/seal-licence.ts';
import { submitLicence } from '../../models/licence/submit-licence.ts';
import { clerk, openFurnishedHouse, reviewer, SUBMISSION, sealKeeper } from '../world/sample-entry.ts';
import type { TestHouse } from '../world/test-house.ts';
import { numberOf } from './department.ts';

const LICENCES = 5;
const officerOfIssuer = { ...clerk, roles: [...clerk.roles, ...sealKeeper.roles] };

describe('a message on which the province chokes', function () {
  this.timeout(60_000);
  let house: TestHouse;
  const subjects: string[] = [];
  const licenceIds = new Map<string, string>();
  let poison = new Set<string>();
  let isAway = false;
  const heard: string[] = [];

  const answer = (messages: readonly ProvinceMessage[]) => {
    const receiptId = house.newId();
    const outcomes = messages.map(({ subject }) => [subject, { outcome: 'accepted' as const, receiptId }] as const);
    const receipts = [{ receiptId, batchId: receiptId, text: '{}', signature: '' }];
    return Promise.resolve({ outcomes: new Map(outcomes), receipts, unbelieved: [] });
  };
  const connector: ProvinceConnector = {
    ...{ name: 'choking', mostItems: 200 },
    async send(messages) {
      heard.push('batch');
      if (isAway || messages.some(({ subject }) => poison.has(subject))) throw new ProvinceAway({ detail: 'HTTP 500' });
      return answer(messages);
    },
    async knock() {
      heard.push('knock');
      if (isAway) throw new ProvinceAway({ detail: 'HTTP 500' });
    },
  };
  const link = () => house.db.rows.provinceLinks.findByPk(connector.name);
  const suspend = (subject: string, act: 'suspend' | 'resume') =>
    changeStatus(house, officerOfIssuer, licenceIds.get(subject) ?? '', {
      act,
      legalBasis: '行政许可法',
      reason: '整改',
    });
  const isAcknowledged = (state: string) => house.db.rows.provinceStates.count({ where: { state } });

  before(async () => {
    house = await openFurnishedHouse();
    for (let serial = 1; serial <= LICENCES; serial += 1) {
      const fields = { ...SUBMISSION.fields, licenceNumber: numberOf(serial) };
      const { licenceId } = await submitLicence(house, clerk, { ...SUBMISSION, fields }, { source: 'api' });
      await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
      await sealLicence(house, sealKeeper, licenceId);
      const subject = `licence:${(await house.db.rows.licences.findByPk(licenceId))?.identifier}`;
      subjects.push(subject);
      licenceIds.set(subject, licenceId);
    }
  });

  after(() => house.close());

  it('is blamed for nothing while nobody answers, who hears a batch and a plain question a time', async () => {
    isAway = true;
    for (let time = 1; time <= 4; time += 1) {
      await pushToProvince(house, connector);
      expect(heard).to.have.length(2 * time);
      house.time.advance({ minutes: 3 });
    }
    expect(heard.slice(-2)).to.deep.equal(['batch', 'knock']);
    expect(await house.db.rows.outbox.count({ where: { attempts: 0 } })).to.equal(LICENCES + 1);
    expect(await link()).to.include({ failures: 4 });
    isAway = false;
  });

  it('is left behind by itself at once when a plain question is answered, and takes no link down', async () => {
    poison = new Set([subjects[0] ?? '', subjects[3] ?? '']);
    await pushToProvince(house, connector);
    expect(await isAcknowledged('acknowledged')).to.equal(LICENCES - 1);
    const left = await house.db.rows.outbox.findAll({ raw: true });
    expect(left.map(({ lastError }) => lastError)).to.deep.equal(['UNANSWERED HTTP 500', 'UNANSWERED HTTP 500']);
    expect(await link()).to.include({ failures: 0, downSince: null, notBefore: null });
  });

  it('waits longer each time, with nothing beside it, and what comes after it passes at once', async () => {
    for (let time = 2; time <= 4; time += 1) {
      house.time.advance({ minutes: 30 });
      await pushToProvince(house, connector);
      expect(await link()).to.include({ failures: 0, downSince: null });
      expect(await house.db.rows.outbox.count({ where: { attempts: time } })).to.equal(2);
    }
    await suspend(subjects[1] ?? '', 'suspend');
    await pushToProvince(house, connector);
    expect(await house.db.rows.outbox.count()).to.equal(2);
  });

  it('goes when the province can read it', async () => {
    poison = new Set();
    house.time.advance({ minutes: 30 });
    await pushToProvince(house, connector);
    expect(await house.db.rows.outbox.count()).to.equal(0);
    expect(await isAcknowledged('acknowledged')).to.equal(LICENCES + 1);
  });

  it('takes no link down either when it was never sent beside another', async () => {
    poison = new Set(subjects.slice(0, 2));
    await suspend(subjects[0] ?? '', 'suspend');
    await suspend(subjects[1] ?? '', 'resume');
    await pushToProvince(house, connector);
    expect(await link()).to.include({ failures: 0, downSince: null });
    expect(await house.db.rows.outbox.count({ where: { attempts: 1 } })).to.equal(2);
  });

  it('is not blamed by a province that goes away while it is looked for', async () => {
    house.time.advance({ minutes: 30 });
    await suspend(subjects[2] ?? '', 'suspend');
    const leaving: ProvinceConnector = {
      ...connector,
      send(messages) {
        isAway = true;
        return connector.send(messages);
      },
    };
    await pushToProvince(house, leaving);
    expect(await house.db.rows.outbox.count({ where: { attempts: 0 } })).to.equal(1);
    expect(await house.db.rows.outbox.count({ where: { attempts: 1 } })).to.equal(2);
    expect(await link()).to.include({ failures: 1 });
  });
});

describe('the time that a request to the province is given', () => {
  it('grows with its bytes', () => {
    expect(timeoutOf(0)).to.equal(30_000);
    expect(timeoutOf(60_000_000)).to.be.within(900_000, 1_200_000);
  });
});
