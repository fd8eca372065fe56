import { expect } from 'chai';
import { digestMessage } from '../../exchange/province/digest-message.ts';
import { connectHttp } from '../../exchange/province/http/connect.ts';
import type { Province } from '../../exchange/province/http/line.ts';
import { pushToProvince } from '../../exchange/province/push-to-province.ts';
import { findOutstanding, listRefusals, replayRefusal, sumLags } from '../../models/exchange-state/index.ts';
import type { House } from '../../models/house.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';
import type { Fault } from '../../models/kernel/fault.ts';
import { changeStatus } from '../../models/licence/change-status.ts';
import { reviewLicence } from '../../models/licence/review-licence.ts';
import { sealLicence } from '../../models/licence/seal-licence.ts';
import { submitLicence } from '../../models/licence/submit-licence.ts';
import { succeedLicence } from '../../models/licence/succeed-licence.ts';
import { openHouseKey } from '../../models/seal/keys.ts';
import { loadTrust } from '../../models/verification/trust.ts';
import type { Faults } from '../../server/sandbox/province/faults.ts';
import { judgeBatch } from '../../server/sandbox/province/judge-batch.ts';
import { type RunningProvince, startProvince } from '../../server/sandbox/province/start-province.ts';
import { verifySm2 } from '../../signing/index.ts';
import { eachDatabase } from '../world/each-database.ts';
import {
  bureauOfficer,
  clerk,
  openFurnishedHouse,
  otherClerk,
  reviewer,
  SUBMISSION,
  sealKeeper,
} from '../world/sample-entry.ts';
import { type TemporaryFolder, temporaryFolder } from '../world/temporary-folder.ts';
import type { TestHouse } from '../world/test-house.ts';
import { numberOf } from './department.ts';
import { openGate } from './province-gate.ts';

eachDatabase('the way to the province', (openDatabase) => {
  let house: TestHouse;
  let there: RunningProvince;
  let province: Province;
  let folder: TemporaryFolder;
  const issued: string[] = [];

  const start = async (port = 0) => {
    const { certificates } = await openHouseKey(house, 'repository', 'SM2');
    return startProvince({
      ...{ port, bind: '127.0.0.1', dataDir: folder.path, clock: house.clock },
      cityCertificate: certificates[0] ?? new Uint8Array(),
      trust: await loadTrust(house),
    });
  };

  const issue = async (serial: number) => {
    const fields = { ...SUBMISSION.fields, licenceNumber: numberOf(serial) };
    const body = { ...SUBMISSION, fields, caseNumber: `AJ-${serial}` };
    const { licenceId } = await submitLicence(house, clerk, body, { source: 'api' });
    await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
    return sealLicence(house, sealKeeper, licenceId);
  };

  const push = (from: House = house, to: Province = province) => pushToProvince(from, connectHttp(from, to));
  const subjects = () => there.library.page('', 1000).map(({ subject }) => subject);
  const stateOf = async (licenceId: string) =>
    (await house.db.rows.provinceStates.findByPk(`licence:${licenceId}`))?.get();

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    folder = temporaryFolder();
    there = await start();
    province = { url: there.url, publicKey: there.key.publicKey };
    for (let serial = 1; serial <= 3; serial += 1) issued.push((await issue(serial)).identifier ?? '');
    await submitLicence(
      house,
      clerk,
      { ...SUBMISSION, fields: { ...SUBMISSION.fields, licenceNumber: numberOf(9) } },
      { source: 'api' },
    );
  });

  after(async () => {
    await there.close();
    await house.close();
    folder.remove();
  });

  it('brings the province exactly the entries and the issued licences', async () => {
    const result = await push();
    expect(result).to.deep.equal({ done: 4, delayed: 0, failed: 0 });
    expect(subjects()).to.deep.equal([
      `catalogue:${SUBMISSION.catalogueCode}`,
      ...issued.map((one) => `licence:${one}`).sort(),
    ]);
    for (const identifier of issued) {
      expect(there.library.files(`licence:${identifier}`).map(({ name }) => name)).to.deep.equal([
        'licence.ofd',
        'licence.pdf',
      ]);
    }
  });

  it('has nothing left to send, and keeps one signed receipt for all, with what it says of each', async () => {
    expect(await push()).to.deep.equal({ done: 0, delayed: 0, failed: 0 });
    const states = await house.db.rows.provinceStates.findAll();
    expect(new Set(states.map(({ receiptId }) => receiptId)).size).to.be.within(1, 2);
    for (const { receiptId, subjectId, digest, acknowledgedSequence } of states) {
      const receipt = await house.db.rows.provinceReceipts.findByPk(receiptId ?? '');
      const text = receipt?.text ?? '';
      const signature = Buffer.from(receipt?.signature ?? '', 'base64');
      expect(verifySm2(province.publicKey, Buffer.from(text), signature)).to.equal(true);
      const said = JSON.parse(text) as { items: { digest: string; sequence: number; outcome: string }[] };
      const own = said.items.find((item) => item.digest === digest);
      expect(own, subjectId).to.include({ sequence: acknowledgedSequence, outcome: 'accepted' });
    }
  });

  it('logs what was accepted once a batch, naming every licence', async () => {
    const entries = await house.db.rows.auditEntries.findAll({ where: { act: 'exchange.province' } });
    const named = entries.flatMap(({ licenceId, details }) => [licenceId, ...((details.licenceIds ?? []) as string[])]);
    const licences = await house.db.rows.licences.findAll({ where: { state: 'issued' } });
    expect(named.filter(Boolean).sort()).to.deep.equal(licences.map(({ id }) => id).sort());
  });

  it('brings a change of status, several changes at once as the newest', async () => {
    const licence = await house.db.rows.licences.findOne({ where: { identifier: issued[0] ?? '' } });
    for (const act of ['suspend', 'resume', 'suspend'] as const) {
      await changeStatus(house, sealKeeperAndClerk, licence?.id ?? '', {
        act,
        legalBasis: '行政许可法',
        reason: '整改',
      });
    }
    const result = await push();
    expect(result).to.include({ done: 3, delayed: 0, failed: 0 });
    const held = there.library.find(`licence:${issued[0]}`);
    expect(JSON.parse(held?.record ?? '{}')).to.include({ status: 'suspended' });
    expect((await stateOf(licence?.id ?? ''))?.acknowledgedSequence).to.equal(held?.sequence);
  });

  it('brings a new version and the end of its former together', async () => {
    const former = await issue(51);
    const request = { act: 'amend', legalBasis: '行政许可法第四十九条', reason: '变更' } as const;
    const { licenceId } = await succeedLicence(house, clerk, former.licenceId, request);
    await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
    const version = await sealLicence(house, sealKeeper, licenceId);
    expect(await push()).to.include({ delayed: 0, failed: 0 });
    const records = [former, version].map(({ identifier }) => {
      const held = there.library.find(`licence:${identifier}`);
      const { status, succeeds } = JSON.parse(held?.record ?? '{}') as { status?: string; succeeds?: object };
      return { status, succeeds };
    });
    expect(records).to.deep.equal([
      { status: 'superseded', succeeds: undefined },
      { status: 'valid', succeeds: { identifier: former.identifier, act: 'amend' } },
    ]);
    // Both sides take the digest of the same words, with the link and without it.
    for (const { licenceId: id, identifier } of [former, version])
      expect((await stateOf(id))?.digest).to.equal(there.library.find(`licence:${identifier}`)?.digest);
  });

  it('changes nothing there when a state arrives again', async () => {
    const licence = await house.db.rows.licences.findOne({ where: { identifier: issued[0] ?? '' } });
    const before = there.library.find(`licence:${issued[0]}`);
    await house.db.rows.provinceStates.update({ state: 'waiting' }, { where: { id: `licence:${licence?.id}` } });
    await requeue(licence?.id ?? '');
    house.time.advance({ minutes: 1 });
    expect(await push()).to.include({ done: 1 });
    expect(there.library.find(`licence:${issued[0]}`)).to.deep.equal(before);
  });

  const requeue = (licenceId: string) =>
    house.db.rows.outbox.create({
      ...{ id: house.newId(), topic: 'province', subject: `licence:${licenceId}`, payload: { licenceId, sequence: 1 } },
      ...{
        state: 'waiting',
        attempts: 0,
        runAt: house.clock(),
        lockedUntil: null,
        lastError: null,
        createdAt: house.clock(),
        doneAt: null,
      },
    });

  it('holds back and reports a licence whose file was damaged here; it leaves once the file is restored', async () => {
    const view = await issue(4);
    const blobs = new Map<string, string>();
    const digest = view.files[0]?.sm3 ?? '';
    const damaged = {
      ...house,
      blobs: {
        ...house.blobs,
        get: (sm3: string) => house.blobs.get(sm3 === digest ? (blobs.get(sm3) ?? '0'.repeat(64)) : sm3),
      },
    };
    expect(await push(damaged)).to.include({ done: 0, delayed: 1 });
    expect(await stateOf(view.licenceId)).to.include({ state: 'held' });
    expect(subjects()).to.not.include(`licence:${view.identifier}`);
    const entries = await house.db.rows.auditEntries.findAll({
      where: { act: 'exchange.province', outcome: 'failed' },
    });
    expect(entries.map(({ licenceId }) => licenceId)).to.deep.equal([view.licenceId]);
    house.time.advance({ minutes: 1 });
    expect(await push()).to.include({ done: 1 });
    expect(await stateOf(view.licenceId)).to.include({ state: 'acknowledged' });
  });

  it('holds back a licence whose status does not follow from its change records', async () => {
    const view = await issue(5);
    await house.db.rows.licences.update({ status: 'cancelled' }, { where: { id: view.licenceId } });
    expect(await push()).to.include({ failed: 1 });
    expect(await stateOf(view.licenceId)).to.include({ state: 'held', reason: 'STATUS_WITHOUT_CHANGE_RECORD' });
    await house.db.rows.licences.update({ status: 'valid' }, { where: { id: view.licenceId } });
    await replayRefusal(house, bureauOfficer, `licence:${view.licenceId}`);
    expect(await push()).to.include({ done: 1, failed: 0 });
  });

  it('waits while the province is down, and brings everything when it is back', async () => {
    const port = Number(new URL(there.url).port);
    await there.close();
    const view = await issue(6);
    expect(await push()).to.include({ done: 0, delayed: 1 });
    there = await start(port);
    expect(await push()).to.include({ done: 0, delayed: 0 });
    house.time.advance({ minutes: 1 });
    expect(await push()).to.include({ done: 1 });
    expect(subjects()).to.include(`licence:${view.identifier}`);
  });

  const LIES: readonly (readonly [words: string, faults: Faults, cause: string])[] = [
    ['a receipt that somebody else has signed', { forge: true }, 'FORGED'],
    ['garbage', { garbage: true }, 'FORGED'],
    ['a receipt for another batch', { lie: 'batch' }, 'OTHER_BATCH'],
    ['a receipt for another sequence', { lie: 'sequence' }, 'OTHER_SEQUENCE'],
    ['a receipt for another digest', { lie: 'digest' }, 'OTHER_DIGEST'],
    ['a receipt for something we never sent', { lie: 'stranger' }, 'OTHER_SUBJECT'],
    ['two outcomes for one item', { lie: 'twice' }, 'TWO_OUTCOMES'],
    ['the claim to hold what we never made', { lie: 'ahead' }, 'SEQUENCE_AHEAD'],
    ['a refusal that says half of a character', { refuse: 'half \ud83d' }, 'UNREADABLE'],
  ];
  for (const [at, [words, faults, cause]] of LIES.entries()) {
    it(`acknowledges nothing on ${words}; says so, counts it, and recovers by itself`, async () => {
      const view = await issue(20 + at);
      const before = (await house.db.rows.provinceLinks.findOne())?.unbelieved ?? 0;
      there.setFaults(faults);
      expect(await push()).to.include({ done: 0, delayed: 1 });
      const state = await stateOf(view.licenceId);
      expect(state).to.include({ state: 'waiting', acknowledgedSequence: 0 });
      expect(state?.reason).to.match(new RegExp(`^${cause}`));
      const link = await house.db.rows.provinceLinks.findOne();
      expect(link?.unbelieved).to.be.greaterThan(before);
      expect(link?.lastUnbelieved).to.match(new RegExp(`^${cause}`));
      there.setFaults({});
      house.time.advance({ minutes: 10 });
      expect(await push()).to.include({ done: 1 });
      expect(await stateOf(view.licenceId)).to.include({ state: 'acknowledged', reason: null });
    });
  }

  it('reads a receipt in whatever order it names the items', async () => {
    const views = [await issue(30), await issue(31)];
    there.setFaults({ reverse: true });
    expect(await push()).to.include({ done: 2, delayed: 0 });
    there.setFaults({});
    for (const { licenceId } of views) expect(await stateOf(licenceId)).to.include({ state: 'acknowledged' });
  });

  it('waits for days while the province answers 500, and loses and doubles nothing', async function () {
    this.timeout(60_000);
    const views = [await issue(32), await issue(33)];
    const held = there.library.count();
    there.setFaults({ status: 500 });
    for (let hour = 0; hour < 72; hour += 6) {
      expect(await push()).to.include({ done: 0, failed: 0 });
      house.time.advance({ hours: 6 });
    }
    const link = await house.db.rows.provinceLinks.findOne();
    expect(link?.downSince).to.not.equal(null);
    expect(link?.lastError).to.contain('HTTP 500');
    there.setFaults({});
    expect(await push()).to.deep.equal({ done: 2, delayed: 0, failed: 0 });
    expect(there.library.count()).to.equal(held + 2);
    for (const { licenceId } of views) expect(await stateOf(licenceId)).to.include({ state: 'acknowledged' });
    expect((await house.db.rows.provinceLinks.findOne())?.downSince).to.equal(null);
  });

  it('sends a batch in halves that the province cannot read, so that one item holds up no other', async () => {
    const [poison, other] = [await issue(34), await issue(35)];
    const gate = await openGate(there.url, (body) => body.includes(poison.identifier ?? ''));
    expect(await push(house, { ...province, url: gate.url })).to.include({ done: 1, delayed: 1 });
    expect(await stateOf(poison.licenceId)).to.include({ state: 'waiting', reason: 'HTTP 400' });
    expect(await stateOf(other.licenceId)).to.include({ state: 'acknowledged' });
    gate.close();
    house.time.advance({ minutes: 1 });
    expect(await push()).to.include({ done: 1 });
  });

  it('sends no file that the province holds: a change of status carries none', async () => {
    const view = await issue(36);
    const seen: string[] = [];
    const gate = await openGate(there.url, (_, path) => {
      seen.push(path);
      return false;
    });
    await push(house, { ...province, url: gate.url });
    expect(seen).to.deep.equal(['/api/batches', '/api/files', '/api/batches']);
    seen.length = 0;
    await changeStatus(house, sealKeeperAndClerk, view.licenceId, {
      ...{ act: 'suspend', legalBasis: '行政许可法', reason: '整改' },
    });
    await push(house, { ...province, url: gate.url });
    expect(seen).to.deep.equal(['/api/batches']);
    gate.close();
    expect(there.library.files(`licence:${view.identifier}`)).to.have.length(2);
  });

  it('measures the way from the department’s row to the receipt, and what is under way', async () => {
    const arrival = { frontEnd: 'bureau', pushedAt: house.clock() };
    const licence = await house.db.rows.licences.findOne({ where: { identifier: issued[2] ?? '' } });
    const since = house.clock();
    const caller = { ...sealKeeperAndClerk, arrival };
    await changeStatus(house, caller, licence?.id ?? '', {
      ...{ act: 'suspend', legalBasis: '行政许可法', reason: '整改' },
    });
    house.time.advance({ minutes: 5 });
    await changeStatus(house, { ...caller, arrival: { ...arrival, pushedAt: house.clock() } }, licence?.id ?? '', {
      act: 'resume',
      reason: '整改完毕',
    });
    expect((await findOutstanding(house)).get('bureau')).to.deep.equal({ changes: 2, oldest: arrival.pushedAt });
    expect(await push()).to.include({ done: 2 });
    expect((await findOutstanding(house)).size).to.equal(0);
    expect(await sumLags(house, since)).to.deep.equal([
      { frontEnd: 'bureau', changes: 2, meanSeconds: 150, longestSeconds: 300, overTwoCycles: 1 },
    ]);
  });

  it('records a definite refusal and does not try again by itself', async () => {
    const port = Number(new URL(there.url).port);
    await there.close();
    const { certificates } = await openHouseKey(house, 'repository', 'SM2');
    const options = { port, bind: '127.0.0.1', dataDir: folder.path, clock: house.clock };
    // A province that knows nobody's seals refuses every file.
    there = await startProvince({ ...options, cityCertificate: certificates[0] ?? new Uint8Array(), trust: [] });
    const view = await issue(10);
    expect(await push()).to.include({ failed: 1, delayed: 0 });
    const state = await stateOf(view.licenceId);
    expect(state?.state).to.equal('refused');
    expect(state?.reason).to.match(/^FILE_REFUSED licence\.ofd/);
    house.time.advance({ minutes: 30 });
    expect(await push()).to.deep.equal({ done: 0, delayed: 0, failed: 0 });
  });

  it('lists what was refused with cause, body and since when, and sends it again when somebody asks for it', async () => {
    const [refused] = (await listRefusals(house, bureauOfficer, {})).items;
    expect(refused).to.include({ state: 'refused', organisationCode: SUBMISSION.catalogueCode.slice(0, 18) });
    expect(refused?.cause).to.match(/^FILE_REFUSED/);
    expect((await listRefusals(house, clerk, {})).items).to.deep.equal([refused]);
    expect((await listRefusals(house, otherClerk, {})).items).to.deep.equal([]);
    const foreign = await replayRefusal(house, otherClerk, refused?.id ?? '').catch((error: Fault) => error.code);
    expect(foreign).to.equal('NOT_FOUND');
    await there.close();
    there = await start(Number(new URL(there.url).port));
    await replayRefusal(house, bureauOfficer, refused?.id ?? '');
    // The line of before was cut with the process.
    await push();
    house.time.advance({ minutes: 1 });
    await push();
    expect(await stateOf((refused?.id ?? '').slice('licence:'.length))).to.include({ state: 'acknowledged' });
    expect((await listRefusals(house, bureauOfficer, {})).items).to.deep.equal([]);
    const again = await replayRefusal(house, bureauOfficer, refused?.id ?? '').catch((error: Fault) => error.code);
    expect(again).to.equal('STATE_CONFLICT');
    expect(await house.db.rows.auditEntries.count({ where: { act: 'exchange.replay' } })).to.be.greaterThan(0);
  });

  it('takes an older state as stale and keeps the newer', async () => {
    const subject = `licence:${issued[0]}`;
    const held = there.library.find(subject);
    const older = { subject, kind: 'licence' as const, sequence: 1, digest: '0'.repeat(64), record: {}, files: [] };
    const options = { library: there.library, verify: () => Promise.resolve([]), now: house.clock() };
    expect(await judgeBatch([older], options)).to.deep.equal([{ outcome: 'stale', heldSequence: held?.sequence }]);
    expect(there.library.find(subject)).to.deep.equal(held);
  });

  it('refuses what is not what its digest says, and wants files it has not got', async () => {
    const options = { library: there.library, verify: () => Promise.resolve([]), now: house.clock() };
    const item = { subject: 'licence:X', kind: 'licence' as const, sequence: 1, record: { identifier: 'X' } };
    const [mismatch] = await judgeBatch([{ ...item, digest: '0'.repeat(64), files: [] }], options);
    expect(mismatch).to.include({ reason: 'DIGEST_MISMATCH' });
    const files = [{ name: 'licence.ofd', sm3: '1'.repeat(64) }];
    const [wanting] = await judgeBatch([{ ...item, digest: digestMessage(item.record, files), files }], options);
    expect(wanting).to.deep.equal({ outcome: 'files-wanted', wanted: ['1'.repeat(64)] });
  });

  it('takes no file under a digest that is not its own', async () => {
    const frame = Buffer.concat([Buffer.alloc(32, 1), Buffer.from([0, 0, 0, 1]), Buffer.from('x')]);
    const { key } = await openHouseKey(house, 'repository', 'SM2');
    const headers = { 'x-zhengku-signature': Buffer.from(await key.sign(frame.subarray(0, 36))).toString('base64') };
    const answer = await fetch(`${there.url}/api/files`, { method: 'POST', body: frame, headers });
    expect(answer.status).to.equal(400);
  });

  it('takes no file whose head the city has not signed', async () => {
    const [bytes, other] = [Buffer.from('x'), Buffer.alloc(36, 1)];
    const frame = Buffer.concat([Buffer.from(sm3Hex(bytes), 'hex'), Buffer.from([0, 0, 0, 1]), bytes]);
    const { key } = await openHouseKey(house, 'repository', 'SM2');
    const headers = { 'x-zhengku-signature': Buffer.from(await key.sign(other)).toString('base64') };
    const answer = await fetch(`${there.url}/api/files`, { method: 'POST', body: frame, headers });
    expect(answer.status).to.equal(401);
    expect(there.library.holds([sm3Hex(bytes)])).to.have.property('size', 0);
  });

  it('takes no batch that the city has not signed', async () => {
    const answer = await fetch(`${there.url}/api/batches`, { method: 'POST', body: '{"batchId":"1","items":[]}' });
    expect(answer.status).to.equal(401);
  });
});

const sealKeeperAndClerk = { ...clerk, roles: [...clerk.roles, ...sealKeeper.roles] };
