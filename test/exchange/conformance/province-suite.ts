/** What every connector to the province must show, on every database. */
import { expect } from 'chai';
import { Held } from '../../../exchange/province/check-before-sending.ts';
import {
  composeCatalogueMessage,
  composeLicenceMessage,
  withFiles,
} from '../../../exchange/province/compose-message.ts';
import {
  ProvinceAway,
  type ProvinceConnector,
  type ProvinceMessage,
  type ProvinceOutcome,
} from '../../../exchange/province/connector.ts';
import { findNewestEntry } from '../../../models/catalogue/index.ts';
import { keepProvinceCodes } from '../../../models/exchange-state/index.ts';
import { changeStatus } from '../../../models/licence/change-status.ts';
import { composeRecords } from '../../../models/licence/index.ts';
import { reviewLicence } from '../../../models/licence/review-licence.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { submitLicence } from '../../../models/licence/submit-licence.ts';
import { openRecheck } from '../../../models/verification/index.ts';
import type { OpenDatabase } from '../../world/each-database.ts';
import { clerk, ENTRY, openFurnishedHouse, reviewer, SUBMISSION, sealKeeper } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { numberOf } from '../department.ts';
import type { TestProvince } from './test-province.ts';

type OpenProvince = (house: TestHouse, openDatabase: OpenDatabase) => Promise<TestProvince>;

export function provinceSuite(openProvince: OpenProvince, openDatabase: OpenDatabase): void {
  let house: TestHouse;
  let province: TestProvince;
  let connector: ProvinceConnector;
  const issued: string[] = [];

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    province = await openProvince(house, openDatabase);
    connector = province.connect(house);
    for (let serial = 1; serial <= 3; serial += 1) issued.push(await issue(serial));
  });

  after(async () => {
    await province.close();
    await house.close();
  });

  const issue = async (serial: number) => {
    const fields = { ...SUBMISSION.fields, licenceNumber: numberOf(serial) };
    const body = { ...SUBMISSION, fields, caseNumber: `AJ-${serial}` };
    const { licenceId } = await submitLicence(house, clerk, body, { source: 'api' });
    await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
    await sealLicence(house, sealKeeper, licenceId);
    return licenceId;
  };
  const messageOf = async (licenceId: string): Promise<ProvinceMessage> => {
    const row = await house.db.rows.licences.findByPk(licenceId);
    const [recorded] = row ? await composeRecords(house, [row.get()]) : [];
    if (!recorded) throw new Error('no licence');
    return withFiles(house, composeLicenceMessage(recorded), await openRecheck(house));
  };
  const entryMessage = async (): Promise<ProvinceMessage> => {
    const entry = await findNewestEntry(house, ENTRY.code);
    if (!entry) throw new Error('no entry');
    return withFiles(house, composeCatalogueMessage(entry), await openRecheck(house));
  };
  /** Sent, worked off there, and the receipts fetched that come later. */
  const settle = async (messages: readonly ProvinceMessage[]): Promise<Map<string, ProvinceOutcome>> => {
    const sent = await connector.send(messages);
    await province.work();
    const outcomes = new Map(sent.outcomes);
    const pending = messages.filter(({ subject }) => outcomes.get(subject)?.outcome === 'pending');
    const collected = pending.length > 0 ? await connector.collect?.(pending) : undefined;
    for (const [subject, outcome] of collected?.outcomes ?? []) outcomes.set(subject, outcome);
    return outcomes;
  };
  const settleOne = async (message: ProvinceMessage) => (await settle([message])).get(message.subject);
  const suspend = (licenceId: string, act: 'suspend' | 'resume') =>
    changeStatus(house, { ...clerk, roles: [...clerk.roles, ...sealKeeper.roles] }, licenceId, {
      ...{ act, legalBasis: '行政许可法', reason: '整改' },
    });

  it('brings the entry, and gives its code back until it is kept', async () => {
    expect((await settleOne(await entryMessage()))?.outcome).to.equal('accepted');
    expect(await province.find(`catalogue:${ENTRY.code}`)).to.not.equal(undefined);
    const first = await connector.catalogueAnswers?.(null);
    expect(first?.items.map(({ code }) => code)).to.deep.equal([ENTRY.code]);
    const again = await connector.catalogueAnswers?.(null);
    expect(again?.items).to.deep.equal(first?.items);
    await keepProvinceCodes(house, first?.items ?? []);
    const kept = await connector.catalogueAnswers?.(first?.cursor ?? null);
    expect(kept?.items).to.deep.equal([]);
  });

  it('brings licences with their files, each with a receipt that proves it', async () => {
    const messages = await Promise.all(issued.map(messageOf));
    const outcomes = await settle(messages);
    for (const { subject } of messages) {
      expect(outcomes.get(subject)?.outcome, subject).to.equal('accepted');
      expect(await province.find(subject)).to.include({ isValid: true, hasFile: true });
    }
    expect(await province.count()).to.equal(4);
  });

  it('changes nothing there when the same arrives again', async () => {
    const message = await messageOf(issued[0] ?? '');
    const before = await province.find(message.subject);
    house.time.advance({ minutes: 1 });
    expect((await settleOne(message))?.outcome).to.equal('accepted');
    expect(await province.find(message.subject)).to.deep.equal(before);
    expect(await province.count()).to.equal(4);
  });

  it('brings a change of status without the files that lie there already', async () => {
    await suspend(issued[0] ?? '', 'suspend');
    const message = await messageOf(issued[0] ?? '');
    let read = 0;
    const files = message.files.map((file) => ({
      ...file,
      read: () => {
        read += 1;
        return file.read();
      },
    }));
    expect((await settleOne({ ...message, files } as ProvinceMessage))?.outcome).to.equal('accepted');
    expect(read).to.equal(0);
    expect(await province.find(message.subject)).to.include({ isValid: false, hasFile: true });
  });

  it('never puts an older state in the place of a newer one', async () => {
    const older = await messageOf(issued[0] ?? '');
    await suspend(issued[0] ?? '', 'resume');
    const newer = await messageOf(issued[0] ?? '');
    expect((await settleOne(newer))?.outcome).to.equal('accepted');
    expect((await settleOne(older))?.outcome).to.be.oneOf(['stale', 'delayed']);
    expect(await province.find(newer.subject)).to.include({ isValid: true });
  });

  it('keeps the newest of several states that come before the province has worked any off', async () => {
    const licenceId = issued[1] ?? '';
    const states: ProvinceMessage[] = [];
    for (const act of ['suspend', 'resume', 'suspend'] as const) {
      await suspend(licenceId, act);
      const message = await messageOf(licenceId);
      await connector.send([message]);
      states.push(message);
    }
    const [last] = states.slice(-1);
    if (!last) throw new Error('no state');
    expect((await settleOne(last))?.outcome).to.equal('accepted');
    expect(await province.find(last.subject)).to.include({ isValid: false, hasFile: true });
  });

  it('tells a refusal with its reason, and takes the same again once the cause is gone', async () => {
    const message = await messageOf(await issue(5));
    province.refuse('按规定不予接收');
    const refused = await settleOne(message);
    expect(refused?.outcome).to.equal('refused');
    expect(refused && 'reason' in refused ? refused.reason : '').to.contain('按规定不予接收');
    expect(await province.find(message.subject)).to.equal(undefined);
    province.refuse(null);
    house.time.advance({ minutes: 2 });
    expect((await settleOne(message))?.outcome).to.equal('accepted');
    expect(await province.find(message.subject)).to.include({ hasFile: true });
  });

  it('holds back a licence whose file does not verify, and lets the others pass', async () => {
    const good = await messageOf(await issue(6));
    const bad = await messageOf(await issue(7));
    const files = bad.files.map((file) => ({
      ...file,
      read: () => Promise.reject(new Held(`FILE_REFUSED ${file.name}`, false)),
    }));
    const outcomes = await settle([{ ...bad, files } as ProvinceMessage, good]);
    expect(outcomes.get(good.subject)?.outcome).to.equal('accepted');
    expect(outcomes.get(bad.subject)).to.include({ outcome: 'held', mayMend: false });
    expect(await province.find(bad.subject)).to.equal(undefined);
  });

  it('says that nobody answers, and goes on when the province is back', async () => {
    const message = await messageOf(await issue(8));
    await province.goAway();
    connector = province.connect(house);
    const error = await connector.send([message]).then(
      () => undefined,
      (cause: unknown) => cause,
    );
    expect(error).to.be.instanceOf(ProvinceAway);
    await province.comeBack();
    connector = province.connect(house);
    expect((await settleOne(message))?.outcome).to.equal('accepted');
  });
}
