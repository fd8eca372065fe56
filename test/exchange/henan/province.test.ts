import { EventEmitter, once } from 'node:events';
import { expect } from 'chai';
import { readPhysical } from '../../../exchange/henan/front-end/read-physical.ts';
import { readMetadata } from '../../../exchange/henan/metadata.ts';
import { pushToProvince } from '../../../exchange/province/push-to-province.ts';
import { receiveFromProvince } from '../../../exchange/province/receive-from-province.ts';
import { takeLateRefusals } from '../../../exchange/province/take-late-refusals.ts';
import {
  findConfirmed,
  foldTree,
  keepProvinceCodes,
  listRefusals,
  replayRefusal,
} from '../../../models/exchange-state/index.ts';
import { houseCaller } from '../../../models/house.ts';
import { changeStatus } from '../../../models/licence/change-status.ts';
import { reviewLicence } from '../../../models/licence/review-licence.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { submitLicence } from '../../../models/licence/submit-licence.ts';
import { succeedLicence } from '../../../models/licence/succeed-licence.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import {
  bureauOfficer,
  COMPANY,
  clerk,
  ENTRY,
  ISSUER,
  openFurnishedHouse,
  reviewer,
  SUBMISSION,
  sealKeeper,
} from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { type HenanTestProvince, openHenanProvince } from '../conformance/henan-province.ts';
import { numberOf } from '../department.ts';

eachDatabase('the way to the province over Henan’s tables', (openDatabase) => {
  let house: TestHouse;
  let there: HenanTestProvince;
  let licenceId = '';
  let subject = '';

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    there = await openHenanProvince(house, openDatabase);
    licenceId = await issue(1);
    const row = await house.db.rows.licences.findByPk(licenceId);
    subject = `licence:${row?.identifier}`;
  });

  after(async () => {
    await there.close();
    await house.close();
  });

  const issue = async (serial: number) => {
    const fields = { ...SUBMISSION.fields, licenceNumber: numberOf(serial) };
    const { licenceId: id } = await submitLicence(
      house,
      clerk,
      { ...SUBMISSION, fields, caseNumber: `AJ-${serial}` },
      { source: 'api' },
    );
    await reviewLicence(house, reviewer, id, { decision: 'approved' });
    await sealLicence(house, sealKeeper, id);
    return id;
  };
  const push = () => pushToProvince(house, there.connect(house));
  const receive = () => receiveFromProvince(house, there.connect(house));
  const stateOf = async (id: string) => (await house.db.rows.provinceStates.findByPk(id))?.get();
  const suspend = (act: 'suspend' | 'resume') =>
    changeStatus(house, { ...clerk, roles: [...clerk.roles, ...sealKeeper.roles] }, licenceId, {
      ...{ act, legalBasis: '行政许可法', reason: '限期整改' },
    });

  it('holds a licence whose entry has no code yet, with the cause, and sends it by itself once it has', async () => {
    there.faults.withholdCodes = true;
    await push();
    await there.work();
    expect(await stateOf(`licence:${licenceId}`)).to.include({ state: 'held', reason: 'CATALOGUE_CODE_AWAITED' });
    expect(await there.connection.query('SELECT 1 FROM hn_license_sync')).to.have.length(0);
    delete there.faults.withholdCodes;
    await there.connection.execute('UPDATE hn_catalog_sync SET sync_state = 0');
    await there.work();
    const codes = await there.connect(house).catalogueAnswers?.(null);
    await keepProvinceCodes(house, codes?.items ?? []);
    house.time.advance({ minutes: 30 });
    await push();
    expect(await stateOf(`licence:${licenceId}`)).to.include({ state: 'pending' });
    expect(await there.connection.query('SELECT 1 FROM hn_license_sync')).to.have.length(1);
  });

  it('writes every column, and under a number that is made of issuer, holder, type, serial and version', async () => {
    const key = await there.keyOf(subject);
    expect(key).to.match(new RegExp(`^${ISSUER}${COMPANY}${ENTRY.code}\\d{10}0001$`));
    const [row] = await readPhysical(there.connection, 'hn_license_sync', [key]);
    const [code] = await house.db.rows.provinceCatalogueCodes.findAll();
    expect(row?.text).to.include({
      ...{
        catalog_id: code?.provincialCode,
        license_number: numberOf(1),
        license_name: ENTRY.name,
        issue_unit: ISSUER,
      },
      ...{
        issue_unitname: '样例市城乡建设局',
        area_code: ISSUER.slice(2, 8),
        holder: '样例建设有限公司',
        holder_code: COMPANY,
      },
      ...{ category: '1', whose: '1', state: '11', sync_state: '0', file_type: 'OFD', license_type: '执照' },
      ...{ license_type_code: ENTRY.code },
    });
    const items = readMetadata(row?.text.new_add_metadata ?? '') ?? [];
    expect(items.map(({ key: name }) => name)).to.include.members([
      'licenceNumber',
      'projectName',
      'zzbs',
      'czztdmlxdm',
    ]);
    expect(items.find(({ key: name }) => name === 'projectName')).to.include({
      name: '工程名称',
      value: '样例花园一期',
    });
  });

  it('keeps the number encrypted, because the holder’s stands in it', async () => {
    const rows = await house.db.rows.henanSubjects.findAll({ raw: true });
    expect(JSON.stringify(rows)).to.not.contain(COMPANY);
  });

  it('loses nothing when a row is overwritten while it is being moved', async () => {
    there.faults.meanwhile = async () => {
      delete there.faults.meanwhile;
      await suspend('suspend');
      await push();
    };
    await there.work();
    expect(await there.find(subject)).to.include({ isValid: true });
    const [waiting] = await there.connection.query('SELECT sync_state, state FROM hn_license_sync');
    expect([Number(waiting?.sync_state), Number(waiting?.state)]).to.deep.equal([0, -10]);
    await there.work();
    expect(await there.find(subject)).to.include({ isValid: false, hasFile: true });
    expect(there.library.moves('hn_license_sync', await there.keyOf(subject))).to.have.length(2);
  });

  it('moves a row again, with the same result, when the task ended before it had marked it', async () => {
    await suspend('resume');
    await push();
    there.faults.diesBeforeMarking = true;
    await there.work().catch(() => undefined);
    delete there.faults.diesBeforeMarking;
    await there.work();
    expect(await there.find(subject)).to.include({ isValid: true });
    expect(there.library.list('hn_license_sync')).to.have.length(1);
  });

  it('counts the version up for another file, and puts the row with the file before it out of force', async () => {
    const before = await there.keyOf(subject);
    const file = await house.db.rows.licenceFiles.findOne({ where: { licenceId, format: 'ofd' } });
    await house.db.rows.henanSubjects.update({ fileDigest: '0'.repeat(64) }, { where: { subject } });
    await suspend('suspend');
    await push();
    await there.work();
    const after = await there.keyOf(subject);
    expect(after).to.equal(`${before.slice(0, -4)}0002`);
    const states = await there.connection.query(
      'SELECT license_file_number, state FROM hn_license_sync ORDER BY license_file_number',
    );
    expect(states.map(({ state }) => Number(state))).to.deep.equal([-5, -10]);
    expect((await house.db.rows.henanSubjects.findOne({ where: { subject } }))?.fileDigest).to.equal(file?.digest);
  });

  it('gives each licence a serial of its own that stays', async () => {
    const ids = [await issue(2), await issue(3)];
    await push();
    const rows = await house.db.rows.henanSubjects.findAll({ order: [['serial', 'ASC']] });
    const serials = rows.map(({ serial }) => serial);
    expect(new Set(serials).size).to.equal(serials.length);
    expect(serials.length).to.equal(2 + ids.length);
    await push();
    const again = await house.db.rows.henanSubjects.findAll({ order: [['serial', 'ASC']] });
    expect(again.map(({ serial }) => serial)).to.deep.equal(serials);
  });

  it('brings a new version as a licence with a number of its own, and puts its former out of force', async () => {
    const former = await issue(4);
    const request = { act: 'amend', legalBasis: '行政许可法第四十九条', reason: '更名' } as const;
    const { licenceId: version } = await succeedLicence(house, clerk, former, request);
    const subjectOf = async (id: string) => `licence:${(await house.db.rows.licences.findByPk(id))?.identifier}`;
    await push();
    await there.work();
    expect(await there.find(await subjectOf(former))).to.include({ isValid: true, hasFile: true });
    await reviewLicence(house, reviewer, version, { decision: 'approved' });
    await sealLicence(house, sealKeeper, version);
    await push();
    await there.work();
    await receive();
    const [before, after] = [await subjectOf(former), await subjectOf(version)];
    expect(await there.find(before)).to.include({ isValid: false, hasFile: true });
    expect(await there.find(after)).to.include({ isValid: true, hasFile: true });
    const keys = [await there.keyOf(before), await there.keyOf(after)];
    expect(new Set(keys).size).to.equal(2);
    const rows = await there.connection.query(
      'SELECT license_file_number, license_number, state FROM hn_license_sync WHERE license_file_number IN (?, ?)',
      keys,
    );
    const byKey = new Map(rows.map((row) => [row.license_file_number, row]));
    expect(keys.map((key) => byKey.get(key)?.license_number)).to.deep.equal([numberOf(4), numberOf(4)]);
    expect(keys.map((key) => Number(byKey.get(key)?.state))).to.deep.equal([-5, 11]);
    for (const id of [former, version]) expect(await stateOf(`licence:${id}`)).to.include({ state: 'acknowledged' });
  });

  it('lays down again what was deleted from the tables before the province had moved it', async () => {
    const arrival = { frontEnd: 'bureau', pushedAt: house.clock() };
    const officer = { ...clerk, roles: [...clerk.roles, ...sealKeeper.roles], arrival };
    await changeStatus(house, officer, licenceId, { act: 'resume', legalBasis: '行政许可法', reason: '整改完成' });
    await push();
    expect(await stateOf(`licence:${licenceId}`)).to.include({ state: 'pending', frontEnd: 'bureau' });
    const key = await there.keyOf(subject);
    await there.connection.execute('DELETE FROM hn_license_sync WHERE license_file_number = ?', [key]);
    await receive();
    expect(await stateOf(`licence:${licenceId}`)).to.include({ state: 'waiting' });
    const [queued, ...others] = await house.db.rows.outbox.findAll({ where: { subject: `licence:${licenceId}` } });
    expect(queued).to.include({ frontEnd: 'bureau' });
    expect(others).to.have.length(0);
    await receive();
    expect(await house.db.rows.outbox.count({ where: { subject: `licence:${licenceId}` } })).to.equal(1);
    await push();
    await there.work();
    await receive();
    expect(await stateOf(`licence:${licenceId}`)).to.include({ state: 'acknowledged' });
    expect(await there.find(subject)).to.include({ isValid: true, hasFile: true });
  });

  it('takes a refusal that comes after the row was moved, once, and brings the licence again when somebody asks for it', async () => {
    await there.connection.execute(
      'CREATE TABLE IF NOT EXISTS dn_lic_data_error (certificate_source_id VARCHAR(160) NOT NULL, error_remark VARCHAR(2000), cd_time VARCHAR(32))',
    );
    for (const key of [await there.keyOf(subject), `${ISSUER}99999999990001`, 'nonsense'])
      await there.connection.execute(
        'INSERT INTO dn_lic_data_error (certificate_source_id, error_remark, cd_time) VALUES (?, ?, ?)',
        [key, '复核不予接收', '2026-03-02 12:00:00'],
      );
    const state = `licence:${licenceId}`;
    expect(await stateOf(state)).to.include({ state: 'acknowledged' });
    expect(await receive()).to.include({ receipts: 1 });
    expect(await stateOf(state)).to.include({ state: 'refused', reason: 'REFUSED 复核不予接收' });
    expect((await listRefusals(house, bureauOfficer, { state: 'refused' })).items.map(({ id }) => id)).to.include(
      state,
    );
    await foldTree(house);
    expect((await findConfirmed(house, [subject])).size).to.equal(0);
    expect(await receive()).to.include({ receipts: 0 });
    await replayRefusal(house, bureauOfficer, state);
    await push();
    expect(await stateOf(state)).to.include({ state: 'pending' });
    await there.work();
    expect(await receive()).to.include({ receipts: 1 });
    expect(await stateOf(state)).to.include({ state: 'acknowledged', reason: null });
    expect(await receive()).to.include({ receipts: 0 });
  });

  it('leaves alone, late as the refusal comes, what was sent anew since it was read', async () => {
    const remark = `${'理'.repeat(991)}𠮷`;
    await there.connection.execute(
      'UPDATE dn_lic_data_error SET error_remark = ?, cd_time = ? WHERE certificate_source_id = ?',
      [remark, '2026-03-03 12:00:00', await there.keyOf(subject)],
    );
    const id = `licence:${licenceId}`;
    const before = await stateOf(id);
    const { provinceStates } = house.db.rows;
    const change = (values: object) =>
      withTransaction(house.db, (transaction) => provinceStates.update(values, { where: { id }, transaction }));
    const anew = { state: 'pending', sentSequence: (before?.sentSequence ?? 0) + 1 };
    const [begun, read] = [new EventEmitter(), new EventEmitter()];
    const sending = withTransaction(house.db, async (transaction) => {
      const isRead = once(read, 'done');
      await provinceStates.update(anew as object, { where: { id }, transaction });
      begun.emit('done');
      await isRead;
    });
    await once(begun, 'done');
    // The refusals are read, and the states of before would be known by now.
    const newId = () => {
      read.emit('done');
      return house.newId();
    };
    const caller = houseCaller('test');
    expect(await takeLateRefusals({ ...house, newId }, caller, there.connect(house))).to.equal(0);
    await sending;
    expect(await stateOf(id)).to.include(anew);
    await change({ state: 'acknowledged', sentSequence: before?.sentSequence ?? 0 });
    expect(await takeLateRefusals(house, caller, there.connect(house))).to.equal(1);
    expect(await stateOf(id)).to.include({ state: 'refused', reason: `REFUSED ${'理'.repeat(991)}` });
  });
});
