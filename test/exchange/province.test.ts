import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { compareWithProvince, isAgreed } from '../../exchange/province/compare-with-province.ts';
import { digestMessage } from '../../exchange/province/digest-message.ts';
import type { Province } from '../../exchange/province/province.ts';
import { pushToProvince } from '../../exchange/province/push-to-province.ts';
import { changeStatus } from '../../models/licence/change-status.ts';
import { reviewLicence } from '../../models/licence/review-licence.ts';
import { sealLicence } from '../../models/licence/seal-licence.ts';
import { submitLicence } from '../../models/licence/submit-licence.ts';
import { openHouseKey } from '../../models/seal/keys.ts';
import { loadTrust } from '../../models/verification/trust.ts';
import { judgeItem } from '../../server/sandbox/province/judge-item.ts';
import { type RunningProvince, startProvince } from '../../server/sandbox/province/start-province.ts';
import { generateSoftwareKey, softwareKeyFromPkcs8 } from '../../signing/index.ts';
import { eachDatabase } from '../world/each-database.ts';
import { clerk, furnish, reviewer, SUBMISSION, sealKeeper } from '../world/sample-entry.ts';
import { type TemporaryFolder, temporaryFolder } from '../world/temporary-folder.ts';
import { openTestHouse, type TestHouse } from '../world/test-house.ts';
import { numberOf } from './department.ts';

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

  const subjects = () => there.library.page('', 1000).map(({ subject }) => subject);
  const stateOf = async (licenceId: string) =>
    (await house.db.rows.provinceStates.findByPk(`licence:${licenceId}`))?.get();

  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await openDatabase());
    await furnish(house);
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
    const result = await pushToProvince(house, province);
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

  it('has nothing left to send, and the comparison finds both sides alike', async () => {
    expect(await pushToProvince(house, province)).to.deep.equal({ done: 0, delayed: 0, failed: 0 });
    const { counts, differences } = await compareWithProvince(house, province);
    expect(counts).to.include({ same: 4, requeued: 0 });
    expect(differences).to.deep.equal([]);
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
    const result = await pushToProvince(house, province);
    expect(result).to.include({ done: 3, delayed: 0, failed: 0 });
    const held = there.library.find(`licence:${issued[0]}`);
    expect(JSON.parse(held?.record ?? '{}')).to.include({ status: 'suspended' });
    expect((await stateOf(licence?.id ?? ''))?.acknowledgedSequence).to.equal(held?.sequence);
  });

  it('changes nothing there when a state arrives again', async () => {
    const licence = await house.db.rows.licences.findOne({ where: { identifier: issued[0] ?? '' } });
    const before = there.library.find(`licence:${issued[0]}`);
    await house.db.rows.provinceStates.update({ state: 'waiting' }, { where: { id: `licence:${licence?.id}` } });
    await requeue(licence?.id ?? '');
    house.time.advance({ minutes: 1 });
    expect(await pushToProvince(house, province)).to.include({ done: 1 });
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

  it('compares: finds what is missing or altered there and repairs it, and reports what is there alone', async () => {
    const missing = `licence:${issued[1]}`;
    const altered = `licence:${issued[2]}`;
    const genuine = there.library.find(altered);
    there.library.remove(missing);
    if (genuine) there.library.keep({ ...genuine, digest: '0'.repeat(64) }, []);
    there.library.keep(
      { subject: 'licence:1.2.156.X', sequence: 1, digest: 'f'.repeat(64), record: '{}', receivedAt: '' },
      [],
    );
    const { counts, differences } = await compareWithProvince(house, province);
    expect(counts).to.include({ same: 2, missing: 1, differs: 1, extra: 1, requeued: 2 });
    expect(differences.map(({ kind }) => kind).sort()).to.deep.equal(['differs', 'extra', 'missing']);
    expect(await pushToProvince(house, province)).to.include({ done: 2, failed: 0 });
    expect(there.library.find(altered)?.digest).to.equal(genuine?.digest);
    expect(there.library.files(missing)).to.have.length(2);
    const again = await compareWithProvince(house, province);
    expect(again.counts).to.include({ same: 4, missing: 0, differs: 0, extra: 1, requeued: 0 });
    there.library.remove('licence:1.2.156.X');
  });

  it('agrees only when nothing differs and nothing is still on its way', async () => {
    const licence = await house.db.rows.licences.findOne({ where: { identifier: issued[1] ?? '' } });
    const move = { act: 'suspend' as const, legalBasis: '行政许可法', reason: '整改' };
    await changeStatus(house, sealKeeperAndClerk, licence?.id ?? '', move);
    const under = await compareWithProvince(house, province);
    expect(under.counts).to.include({ differs: 0, pending: 1, requeued: 0 });
    expect(isAgreed(under.counts)).to.equal(false);
    await pushToProvince(house, province);
    expect(isAgreed((await compareWithProvince(house, province)).counts)).to.equal(true);
    for (const key of ['missing', 'differs', 'ahead', 'extra'] as const)
      expect(isAgreed({ ...under.counts, pending: 0, [key]: 1 }), key).to.equal(false);
  });

  it('keeps each comparison with its counts and logs it', async () => {
    const rows = await house.db.rows.comparisons.findAll({ order: [['id', 'ASC']] });
    expect(rows.at(-1)?.counts).to.include({ same: 4 });
    expect(await house.db.rows.auditEntries.count({ where: { act: 'exchange.compare' } })).to.equal(rows.length);
  });

  it('believes no list that the province has not signed', async () => {
    const other = softwareKeyFromPkcs8(generateSoftwareKey('SM2'));
    const refused = await compareWithProvince(house, { ...province, publicKey: other.publicKey }).then(
      () => 'believed',
      (error: { code?: string }) => error.code,
    );
    expect(refused).to.equal('PROVINCE_UNAVAILABLE');
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
    expect(await pushToProvince(damaged, province)).to.include({ done: 0, delayed: 1 });
    expect(await stateOf(view.licenceId)).to.include({ state: 'held' });
    expect(subjects()).to.not.include(`licence:${view.identifier}`);
    const entries = await house.db.rows.auditEntries.findAll({
      where: { act: 'exchange.province', outcome: 'failed' },
    });
    expect(entries.map(({ licenceId }) => licenceId)).to.deep.equal([view.licenceId]);
    house.time.advance({ minutes: 1 });
    expect(await pushToProvince(house, province)).to.include({ done: 1 });
    expect(await stateOf(view.licenceId)).to.include({ state: 'acknowledged' });
  });

  it('holds back a licence whose status does not follow from its change records', async () => {
    const view = await issue(5);
    await house.db.rows.licences.update({ status: 'cancelled' }, { where: { id: view.licenceId } });
    expect(await pushToProvince(house, province)).to.include({ failed: 1 });
    expect(await stateOf(view.licenceId)).to.include({ state: 'held', reason: 'STATUS_WITHOUT_CHANGE_RECORD' });
    await house.db.rows.licences.update({ status: 'valid' }, { where: { id: view.licenceId } });
    await compareWithProvince(house, province);
    expect(await pushToProvince(house, province)).to.include({ done: 1, failed: 0 });
  });

  it('waits while the province is down, and brings everything when it is back', async () => {
    const port = Number(new URL(there.url).port);
    await there.close();
    const view = await issue(6);
    expect(await pushToProvince(house, province)).to.include({ done: 0, delayed: 1 });
    there = await start(port);
    expect(await pushToProvince(house, province)).to.include({ done: 0, delayed: 0 });
    house.time.advance({ minutes: 1 });
    expect(await pushToProvince(house, province)).to.include({ done: 1 });
    expect(subjects()).to.include(`licence:${view.identifier}`);
  });

  it('acknowledges nothing on a forged receipt', async () => {
    const forger = softwareKeyFromPkcs8(generateSoftwareKey('SM2'));
    const server = await serveReceipts(async (text) =>
      Buffer.from(await forger.sign(Buffer.from(text))).toString('base64'),
    );
    const view = await issue(7);
    expect(await pushToProvince(house, { ...province, url: server.url })).to.include({ done: 0, delayed: 1 });
    expect(await stateOf(view.licenceId)).to.include({ state: 'waiting', acknowledgedSequence: 0 });
    server.close();
    house.time.advance({ minutes: 1 });
    expect(await pushToProvince(house, province)).to.include({ done: 1 });
  });

  it('acknowledges nothing on a genuine receipt for another digest', async () => {
    const sign = async (text: string) => Buffer.from(await there.key.sign(Buffer.from(text))).toString('base64');
    const server = await serveReceipts(sign, '0'.repeat(64));
    const view = await issue(8);
    expect(await pushToProvince(house, { ...province, url: server.url })).to.include({ done: 0, delayed: 1 });
    expect(await stateOf(view.licenceId)).to.include({ state: 'waiting' });
    server.close();
    house.time.advance({ minutes: 1 });
    expect(await pushToProvince(house, province)).to.include({ done: 1 });
  });

  it('records a definite refusal and does not try again by itself', async () => {
    const port = Number(new URL(there.url).port);
    await there.close();
    const { certificates } = await openHouseKey(house, 'repository', 'SM2');
    const options = { port, bind: '127.0.0.1', dataDir: folder.path, clock: house.clock };
    // A province that knows nobody's seals refuses every file.
    there = await startProvince({ ...options, cityCertificate: certificates[0] ?? new Uint8Array(), trust: [] });
    const view = await issue(10);
    expect(await pushToProvince(house, province)).to.include({ failed: 1, delayed: 0 });
    const state = await stateOf(view.licenceId);
    expect(state?.state).to.equal('refused');
    expect(state?.reason).to.match(/^FILE_REFUSED licence\.ofd/);
    house.time.advance({ minutes: 30 });
    expect(await pushToProvince(house, province)).to.deep.equal({ done: 0, delayed: 0, failed: 0 });
  });

  it('takes an older state as stale and keeps the newer', () => {
    const subject = `licence:${issued[0]}`;
    const held = there.library.find(subject);
    const older = { subject, kind: 'licence' as const, sequence: 1, digest: '0'.repeat(64), record: {}, files: [] };
    expect(judgeItem(older, { library: there.library, trust: [], now: house.clock() })).to.deep.equal({
      outcome: 'stale',
    });
    expect(there.library.find(subject)).to.deep.equal(held);
  });

  it('refuses what is not what its digest says, and files whose bytes are not what their digests say', () => {
    const options = { library: there.library, trust: [], now: house.clock() };
    const item = { subject: 'licence:X', kind: 'licence' as const, sequence: 1, record: { identifier: 'X' } };
    expect(judgeItem({ ...item, digest: '0'.repeat(64), files: [] }, options)).to.include({
      reason: 'DIGEST_MISMATCH',
    });
    const files = [{ name: 'licence.ofd', sm3: '1'.repeat(64), content: 'AAAA' }];
    const digest = digestMessage(item.record, files);
    expect(judgeItem({ ...item, digest, files }, options)).to.include({ reason: 'FILE_DIGEST_MISMATCH licence.ofd' });
  });

  it('takes no batch that the city has not signed', async () => {
    const answer = await fetch(`${there.url}/api/batches`, { method: 'POST', body: '{"batchId":"1","items":[]}' });
    expect(answer.status).to.equal(401);
  });
});

const sealKeeperAndClerk = { ...clerk, roles: [...clerk.roles, ...sealKeeper.roles] };

/** A province that answers each item with a receipt signed by whoever. */
async function serveReceipts(
  sign: (text: string) => Promise<string>,
  digest?: string,
): Promise<{ url: string; close(): void }> {
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { batchId, items } = JSON.parse(Buffer.concat(chunks).toString()) as {
        batchId: string;
        items: { subject: string; sequence: number; digest: string }[];
      };
      void Promise.all(
        items.map(async (item) => {
          const { subject, sequence } = item;
          const text = JSON.stringify({
            batchId,
            subject,
            sequence,
            digest: digest ?? item.digest,
            outcome: 'accepted',
            receivedAt: '',
          });
          return { text, signature: await sign(text) };
        }),
      ).then((receipts) => response.end(JSON.stringify({ receipts })));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => void server.close() };
}
