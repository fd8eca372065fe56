import { expect } from 'chai';
import { checkLags } from '../../exchange/province/check-lags.ts';
import { digestMessage } from '../../exchange/province/digest-message.ts';
import { connectHttp } from '../../exchange/province/http/connect.ts';
import { pushToProvince } from '../../exchange/province/push-to-province.ts';
import { receiveFromProvince } from '../../exchange/province/receive-from-province.ts';
import { listAlarms, listRefusals, replayRefusal } from '../../models/exchange-state/index.ts';
import { houseCaller } from '../../models/house.ts';
import { changeStatus } from '../../models/licence/change-status.ts';
import { composeRecords, type LicenceRecord } from '../../models/licence/compose-records.ts';
import { reviewLicence } from '../../models/licence/review-licence.ts';
import { sealLicence } from '../../models/licence/seal-licence.ts';
import { submitLicence } from '../../models/licence/submit-licence.ts';
import { openHouseKey } from '../../models/seal/keys.ts';
import { loadTrust } from '../../models/verification/trust.ts';
import { type RunningProvince, startProvince } from '../../server/sandbox/province/start-province.ts';
import { eachDatabase } from '../world/each-database.ts';
import { bureauOfficer, clerk, furnish, reviewer, SUBMISSION, sealKeeper } from '../world/sample-entry.ts';
import { type TemporaryFolder, temporaryFolder } from '../world/temporary-folder.ts';
import { openTestHouse, type TestHouse } from '../world/test-house.ts';
import { numberOf } from './department.ts';

const PROVINCIAL_BODY = '11410000MB0000009X';

eachDatabase('licences that the province returns', (openDatabase) => {
  let house: TestHouse;
  let there: RunningProvince;
  let folder: TemporaryFolder;
  let record: LicenceRecord;
  let files: { name: string; sm3: string; bytes: Uint8Array }[];

  const receive = () =>
    receiveFromProvince(house, connectHttp(house, { url: there.url, publicKey: there.key.publicKey }));
  const find = (identifier: string) => house.db.rows.licences.findOne({ where: { identifier } });

  /** As the province would: a licence of its own, with files that are genuine. */
  const plant = (
    identifier: string,
    change: Partial<LicenceRecord> & { readonly classified?: boolean } = {},
    given = files,
  ) => {
    const own: LicenceRecord = { ...record, identifier, issuingBody: PROVINCIAL_BODY, ...change };
    const named = given.map(({ name, sm3 }) => ({ name, sm3, sizeBytes: 0, read: () => Promise.reject(new Error()) }));
    const sequence = own.changes.at(-1)?.sequence ?? 0;
    const digest = digestMessage(own, named);
    there.library.plant({ subject: `licence:${identifier}`, sequence, digest, record: own, files: given });
  };

  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await openDatabase());
    await furnish(house);
    folder = temporaryFolder();
    const { certificates } = await openHouseKey(house, 'repository', 'SM2');
    there = await startProvince({
      ...{ port: 0, bind: '127.0.0.1', dataDir: folder.path, clock: house.clock },
      cityCertificate: certificates[0] ?? new Uint8Array(),
      trust: await loadTrust(house),
    });
    const fields = { ...SUBMISSION.fields, licenceNumber: numberOf(1) };
    const { licenceId } = await submitLicence(house, clerk, { ...SUBMISSION, fields }, { source: 'api' });
    await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
    await sealLicence(house, sealKeeper, licenceId);
    const row = await house.db.rows.licences.findByPk(licenceId);
    const [recorded] = row ? await composeRecords(house, [row.get()]) : [];
    if (!recorded) throw new Error('nothing was issued');
    record = recorded.record;
    files = await Promise.all(
      recorded.files.map(async ({ format, digest }) => ({
        name: `licence.${format}`,
        sm3: digest,
        bytes: await house.blobs.get(digest),
      })),
    );
    await pushToProvince(house, connectHttp(house, { url: there.url, publicKey: there.key.publicKey }));
  });

  after(async () => {
    await there.close();
    await house.close();
    folder.remove();
  });

  it('enter as such: issued, by the body they name, with their files, and are never sent back', async () => {
    plant('1.2.156.RETURNED-1');
    const waiting = await house.db.rows.outbox.count();
    expect(await receive()).to.include({ accepted: 1, refused: 0 });
    const licence = await find('1.2.156.RETURNED-1');
    expect(licence).to.include({ source: 'province', state: 'issued', status: 'valid', issuingBody: PROVINCIAL_BODY });
    expect(await house.db.rows.licenceFiles.count({ where: { licenceId: licence?.id ?? '' } })).to.equal(2);
    expect(await house.db.rows.licenceHolders.count({ where: { licenceId: licence?.id ?? '' } })).to.equal(1);
    expect(await house.db.rows.outbox.count()).to.equal(waiting);
    expect(await house.db.rows.auditEntries.count({ where: { act: 'exchange.return' } })).to.equal(1);
  });

  it('enter once, however often they come', async () => {
    expect(await receive()).to.include({ accepted: 0, refused: 0 });
    await house.db.rows.provinceCursors.destroy({ where: {} });
    expect(await receive()).to.include({ accepted: 0, refused: 0 });
    expect(await house.db.rows.licences.count({ where: { source: 'province' } })).to.equal(1);
  });

  it('follow their later states, and none that is older', async () => {
    const [first] = record.changes;
    if (!first) throw new Error('no change record');
    const suspended = { ...first, sequence: first.sequence + 1, act: 'suspend', fromStatus: 'valid' };
    const changes = [...record.changes, { ...suspended, toStatus: 'suspended', reason: '整改' }];
    plant('1.2.156.RETURNED-1', { status: 'suspended', changes });
    plant('1.2.156.RETURNED-1');
    expect(await receive()).to.include({ accepted: 1 });
    const licence = await find('1.2.156.RETURNED-1');
    expect(licence).to.include({ status: 'suspended', sequence: first.sequence + 1 });
    expect(await house.db.rows.changes.count({ where: { licenceId: licence?.id ?? '' } })).to.equal(2);
  });

  it('are refused with their cause when a file does not verify, the digest is another’s, or the identifier is ours', async () => {
    const [file, ...others] = files;
    if (!file) throw new Error('no file');
    const bytes = Uint8Array.from(file.bytes);
    bytes[bytes.length - 30] = (bytes[bytes.length - 30] ?? 0) ^ 1;
    plant('1.2.156.RETURNED-2', {}, [{ ...file, bytes, sm3: 'a'.repeat(64) }, ...others]);
    plant(record.identifier, { issuingBody: record.issuingBody });
    plant('1.2.156.RETURNED-3', { catalogueCode: 'UNKNOWN' });
    expect(await receive()).to.include({ accepted: 0, refused: 3 });
    const { items } = await listRefusals(house, bureauOfficer, { state: 'return' });
    expect(items.map(({ subject, cause }) => [subject, cause])).to.have.deep.members([
      ['1.2.156.RETURNED-2', 'FILE_DIGEST_MISMATCH licence.ofd'],
      [record.identifier, 'ALREADY_EXISTS'],
      ['1.2.156.RETURNED-3', 'CATALOGUE_UNKNOWN'],
    ]);
    expect((await find(record.identifier))?.source).to.equal('api');
  });

  it('are read once more when somebody asks for it', async () => {
    await replayRefusal(house, bureauOfficer, 'return:1.2.156.RETURNED-3');
    expect(await receive()).to.include({ accepted: 0, refused: 1 });
    const { items } = await listRefusals(house, bureauOfficer, { state: 'return' });
    expect(items).to.have.length(3);
  });

  it('come beside the codes that the province gives to entries', async () => {
    const row = await house.db.rows.provinceCatalogueCodes.findByPk(SUBMISSION.catalogueCode);
    expect(row?.provincialCode).to.equal(`S41${SUBMISSION.catalogueCode}`);
  });

  it('are asked for again when the province is back, and an alarm tells that it was away', async () => {
    const caller = houseCaller('test');
    const licence = await find(record.identifier);
    const act = { act: 'suspend' as const, reason: '整改' };
    const arrival = { frontEnd: 'bureau', pushedAt: house.clock() };
    await changeStatus(house, { ...clerk, arrival }, licence?.id ?? '', act);
    plant('1.2.156.RETURNED-4');
    there.setFaults({ status: 503 });
    expect(await receive()).to.include({ accepted: 0 });
    house.time.advance({ minutes: 4 });
    expect(await checkLags(house, caller)).to.deep.equal({ raised: 0, cleared: 0 });
    house.time.advance({ seconds: 1 });
    expect(await checkLags(house, caller)).to.deep.equal({ raised: 2, cleared: 0 });
    expect(await checkLags(house, caller)).to.deep.equal({ raised: 0, cleared: 0 });
    there.setFaults({});
    expect(await receive()).to.include({ accepted: 1 });
    await pushToProvince(house, connectHttp(house, { url: there.url, publicKey: there.key.publicKey }));
    expect(await checkLags(house, caller)).to.deep.equal({ raised: 0, cleared: 2 });
    const { items } = await listAlarms(house, bureauOfficer, {});
    expect(items.map(({ kind }) => kind)).to.have.members(['lag', 'link']);
    for (const { clearedAt } of items) expect(clearedAt).to.equal(house.clock().toISOString());
  });

  it('hold up nobody beside them when they are malformed', async () => {
    const [first] = record.changes;
    if (!first) throw new Error('no change record');
    plant('1.2.156.RETURNED-24', { changes: [first, first] });
    plant('1.2.156.RETURNED-26', { classified: true });
    plant('1.2.156.RETURNED-27');
    expect(await receive()).to.include({ accepted: 1, refused: 2 });
    expect(await find('1.2.156.RETURNED-27')).to.include({ source: 'province' });
    expect(await find('1.2.156.RETURNED-26')).to.equal(null);
    expect(await receive()).to.include({ accepted: 0, refused: 0 });
  });
});
