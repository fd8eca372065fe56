import { expect } from 'chai';
import { type FrontEndConnection, openFrontEnd, type SqlValue } from '../../../exchange/front-end/connection.ts';
import { runPass } from '../../../exchange/front-end/run-pass.ts';
import { henanProfile } from '../../../exchange/henan/front-end/henan-profile.ts';
import { saveFrontEnd } from '../../../models/exchange-state/save-front-end.ts';
import { reviewLicence } from '../../../models/licence/review-licence.ts';
import { eachDatabase } from '../../world/each-database.ts';
import {
  bureauOfficer,
  CITIZEN,
  COMPANY,
  ENTRY,
  ISSUER,
  openFurnishedHouse,
  reviewer,
} from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { numberOf, saveRule } from '../department.ts';

eachDatabase('Henan’s tables at a department', (openDatabase) => {
  let house: TestHouse;
  let connection: FrontEndConnection;
  let machineUrl = '';

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
    await saveRule(house);
    machineUrl = await openDatabase();
    const url = machineUrl;
    connection = openFrontEnd(url, { create: true });
    await henanProfile.init(connection);
    await henanProfile.init(connection);
    await saveFrontEnd(house, bureauOfficer, {
      ...{ name: 'zjj', organisationCode: ISSUER, url, profile: 'henan', state: 'active' },
    });
  });

  after(async () => {
    await connection.close();
    await house.close();
  });

  const item = (key: string, value: string, name = '', type = 'string') => ({
    t_key: key,
    t_name: name,
    t_value: value,
    type,
  });
  const row = (key: string, serial: number, more: Record<string, SqlValue> = {}): Record<string, SqlValue> => ({
    ...{
      license_file_number: key,
      license_number: numberOf(serial),
      license_name: ENTRY.name,
      license_type_code: ENTRY.code,
    },
    ...{ issue_unit: ISSUER, holder: '样例建设有限公司', holder_code: COMPANY, category: 1, whose: 1, state: 11 },
    ...{
      new_add_metadata: JSON.stringify([item('projectName', '样例')]),
      create_date: '2026-03-01 09:00:00',
      sync_state: 0,
    },
    ...more,
  });
  const insert = (table: string, values: Record<string, SqlValue>) =>
    connection.execute(
      `INSERT INTO ${table} (${Object.keys(values).join(', ')}) VALUES (${Object.keys(values)
        .map(() => '?')
        .join(', ')})`,
      Object.values(values),
    );
  const update = (key: string, values: Record<string, SqlValue>) =>
    connection.execute(
      `UPDATE hn_license_sync SET ${Object.keys(values)
        .map((name) => `${name} = ?`)
        .join(', ')}${Object.keys(values).length > 0 ? ', ' : ''}sync_state = 0 WHERE license_file_number = ?`,
      [...Object.values(values), key],
    );
  const receipts = (key: string) =>
    connection.query(
      'SELECT source_table, operation, revision, state, receipt_code, receipt_text FROM zk_receipt WHERE business_key = ? ORDER BY revision',
      [key],
    );
  const stateOf = async (key: string) => {
    const [found] = await connection.query('SELECT sync_state FROM hn_license_sync WHERE license_file_number = ?', [
      key,
    ]);
    return Number(found?.sync_state);
  };
  const licenceBy = (serial: number) => house.db.rows.licences.findOne({ where: { licenceNumber: numberOf(serial) } });
  const textOf = async (key: string) => String((await receipts(key)).at(-1)?.receipt_text ?? '');

  it('issue a licence and suspend it at once when it comes as 暂时失效, with a receipt for each', async () => {
    await insert('hn_license_sync', row('K1', 1, { state: -10 }));
    await runPass(house);
    expect((await receipts('K1')).map(({ operation, receipt_code }) => [operation, receipt_code])).to.deep.equal([
      ['upsert', 'ISSUED'],
      ['status', 'STATUS_CHANGED'],
    ]);
    expect(await licenceBy(1)).to.include({ state: 'issued', status: 'suspended' });
    expect(await stateOf('K1')).to.equal(1);
  });

  it('are never given another shape, and only marked as moved, with Beijing’s time', async () => {
    house.time.advance({ minutes: 1 });
    await insert('hn_license_sync', row('K2', 2));
    const [before] = await connection.query("SELECT * FROM hn_license_sync WHERE license_file_number = 'K2'");
    await runPass(house);
    const [after] = await connection.query("SELECT * FROM hn_license_sync WHERE license_file_number = 'K2'");
    const beijing = new Date(house.clock().getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    expect(after).to.deep.equal({ ...before, sync_state: 1, sync_date: beijing });
  });

  it('keep a row waiting that is overwritten while it is worked on, and take it as something new', async () => {
    await insert('hn_license_sync', row('K3', 3));
    const meanwhile = async () => {
      await update('K3', { state: -10 });
    };
    const seal: TestHouse['sealer']['seal'] = async (task) => {
      await meanwhile();
      return house.sealer.seal(task);
    };
    await runPass({ ...house, sealer: { ...house.sealer, seal } });
    expect(await licenceBy(3)).to.include({ state: 'issued', status: 'valid' });
    expect(await stateOf('K3')).to.equal(0);
    await runPass(house);
    expect(await licenceBy(3)).to.include({ status: 'suspended' });
    expect(await stateOf('K3')).to.equal(1);
    expect((await receipts('K3')).map(({ revision }) => Number(revision))).to.deep.equal([1, 2]);
  });

  it('count a revision each time a row says something new, also when it says again what it once said', async () => {
    for (const state of [-10, 11, -10]) {
      await update('K2', { state });
      await runPass(house);
    }
    const seen = await receipts('K2');
    expect(seen.map(({ revision, receipt_code }) => [Number(revision), receipt_code])).to.deep.equal([
      [1, 'ISSUED'],
      [2, 'STATUS_CHANGED'],
      [3, 'STATUS_CHANGED'],
      [4, 'STATUS_CHANGED'],
    ]);
    expect(await licenceBy(2)).to.include({ status: 'suspended' });
  });

  it('name every code that has no image here', async () => {
    await insert(
      'hn_license_sync',
      row('B1', 11, { state: 6, whose: 3, category: 2, license_file: 'UEsDBBQAAAAIAAAAAAAA', file_type: 'JPG' }),
    );
    await insert('hn_license_sync', row('B2', 12, { whose: 2 }));
    await insert('hn_license_sync', row('B3', 13, { issue_unit: '11419900MB0000002X' }));
    await insert(
      'hn_license_sync',
      row('B4', 14, { new_add_metadata: JSON.stringify([item('projectName', '甲'), item('xx', '乙', '没有的项')]) }),
    );
    await runPass(house);
    const first = await textOf('B1');
    for (const column of ['state ', 'whose ', 'category ', 'file_type ']) expect(first).to.contain(`\n${column}`);
    expect(await textOf('B2')).to.contain('czztdmlxdm');
    expect(await textOf('B3')).to.contain('issue_unit');
    expect(await textOf('B4'))
      .to.contain('new_add_metadata.xx')
      .and.contain('FIELD_UNKNOWN');
    for (const key of ['B1', 'B2', 'B3', 'B4']) expect(await stateOf(key)).to.equal(1);
    expect(await licenceBy(11)).to.equal(null);
  });

  it('take holders, code types and items by their Chinese names from new_add_metadata', async () => {
    const items = [item('gcmc', '样例花园', '工程名称'), item('kgrq', '20260301', '开工日期', 'riqi')];
    const second = [item('czzt2', '样例第二公司'), item('czztdm2', '91419900MA000000XX'), item('czztdmlxdm2', '099')];
    const metadata = JSON.stringify([...items, item('czztdmlxdm', '001'), ...second]);
    await insert(
      'hn_license_sync',
      row('K4', 4, { whose: 2, new_add_metadata: metadata, valid_time_end: '9999-12-31' }),
    );
    await runPass(house);
    const licence = await licenceBy(4);
    expect(licence?.fields).to.include({ projectName: '样例花园', startOn: '2026-03-01' });
    const links = await house.db.rows.licenceHolders.findAll({ where: { licenceId: licence?.id ?? '' } });
    expect(links.map(({ name }) => name)).to.have.members(['样例建设有限公司', '样例第二公司']);
  });

  it('refuse text that cannot be kept as it is, and pass over no row because of it', async () => {
    await insert(
      'hn_license_sync',
      row('X1', 21, { new_add_metadata: '[{"t_key":"projectName","t_value":"a\\ud800"}]' }),
    );
    await insert('hn_license_sync', row('X2', 22));
    if (connection.dialect === 'sqlite') {
      const gbk = Buffer.from('d1f9c0fd', 'hex').toString('hex');
      await connection.execute(
        `UPDATE hn_license_sync SET holder = CAST(X'${gbk}' AS TEXT) WHERE license_file_number = 'X1'`,
      );
    }
    await runPass(house);
    expect((await receipts('X1'))[0]).to.include({ state: 3 });
    expect(await textOf('X1')).to.contain('CONTROL_CHARACTER');
    if (connection.dialect === 'sqlite')
      expect(await textOf('X1'))
        .to.contain('holder ')
        .and.contain('UTF-8');
    expect((await receipts('X2'))[0]).to.include({ receipt_code: 'ISSUED' });
  });

  it('need no more on MySQL than the statements of init give', async function () {
    if (connection.dialect !== 'mysql') return this.skip();
    const [name] = await connection.query('SELECT DATABASE() AS name');
    const accounts = { repository: "'hn_city'@'127.0.0.1'", department: "'hn_body'@'127.0.0.1'" };
    for (const account of Object.values(accounts)) {
      await connection.execute(`DROP USER IF EXISTS ${account}`);
      await connection.execute(`CREATE USER ${account} IDENTIFIED BY 'a long password 1'`);
    }
    for (const statement of henanProfile.grants(String(name?.name), accounts)) await connection.execute(statement);
    const as = (user: string) => {
      const url = new URL(machineUrl);
      url.username = user;
      url.password = 'a long password 1';
      return url.href;
    };
    const body = openFrontEnd(as('hn_body'));
    const city = { name: 'zjj', organisationCode: ISSUER, profile: 'henan', state: 'active' } as const;
    await saveFrontEnd(house, bureauOfficer, { ...city, url: as('hn_city') });
    try {
      const values = row('P1', 31);
      const marks = Object.keys(values).map(() => '?');
      const sql = `INSERT INTO hn_license_sync (${Object.keys(values).join(', ')}) VALUES (${marks.join(', ')})`;
      await body.execute(sql, Object.values(values));
      const [result] = await runPass(house);
      expect(result).to.not.have.property('error');
      expect((await receipts('P1'))[0]).to.include({ receipt_code: 'ISSUED' });
      expect(await stateOf('P1')).to.equal(1);
      for (const [by, wrong] of [
        [body, 'UPDATE zk_receipt SET state = 2'],
        [body, 'DELETE FROM hn_license_sync'],
      ] as const) {
        const refused = await by.execute(wrong).then(
          () => false,
          () => true,
        );
        expect(refused, wrong).to.equal(true);
      }
    } finally {
      await body.close();
      await saveFrontEnd(house, bureauOfficer, { ...city, url: machineUrl });
      for (const account of Object.values(accounts)) await connection.execute(`DROP USER ${account}`);
    }
  });

  it('keep no personal number outside the department’s own tables', async () => {
    const key = `${ISSUER}${CITIZEN}${ENTRY.code}00000000010001`;
    await insert('hn_license_sync', row(key, 5));
    await runPass(house);
    const applied = await house.db.rows.appliedRows.findAll({ raw: true });
    const licences = await house.db.rows.licences.findAll({ raw: true });
    const entries = await house.db.rows.auditEntries.findAll({ raw: true });
    expect(JSON.stringify([applied, licences, entries])).to.not.contain(CITIZEN);
    expect((await receipts(key)).map(({ receipt_code }) => receipt_code)).to.deep.equal(['ISSUED']);
  });

  it('go on from the revision that was returned, also when the companion was lost', async () => {
    const { reviewRules } = house.db.rows;
    await reviewRules.update({ state: 'withdrawn' }, { where: {} });
    await insert('hn_license_sync', row('W1', 41));
    await runPass(house);
    const first = await licenceBy(41);
    await reviewLicence(house, reviewer, first?.id ?? '', { decision: 'returned', reason: '缺材料' });
    await runPass(house);
    expect((await receipts('W1'))[0]).to.include({ state: 3, receipt_code: 'RETURNED' });
    await connection.execute("DELETE FROM zk_receipt WHERE business_key = 'W1'");
    await update('W1', {});
    await runPass(house);
    expect((await receipts('W1')).map(({ receipt_code }) => receipt_code)).to.deep.equal(['RETURNED']);
    await connection.execute("DELETE FROM zk_receipt WHERE business_key = 'W1'");
    await update('W1', { holder: '样例第二公司' });
    await runPass(house);
    const taken = (await receipts('W1')).map(({ revision, receipt_code }) => [Number(revision), receipt_code]);
    expect(taken).to.deep.equal([[2, 'AWAITING_REVIEW']]);
    await reviewRules.update({ state: 'in-force' }, { where: {} });
  });

  describe('with catalogue entries', () => {
    const entry = (more: Record<string, SqlValue> = {}): Record<string, SqlValue> => ({
      ...{ catalog_no: 'ML-1', license_name: ENTRY.name, license_type: '执照', licence_type_code: ENTRY.code },
      ...{ issue_unit: ISSUER, whose: 1, state: 11, category: 1, sync_state: 0, ...more },
    });
    const change = (values: Record<string, SqlValue>) =>
      connection.execute(
        `UPDATE hn_catalog_sync SET ${Object.keys(values)
          .map((name) => `${name} = ?`)
          .join(', ')}, sync_state = 0 WHERE catalog_no = 'ML-1'`,
        Object.values(values),
      );
    const versions = () => house.db.rows.catalogueEntries.count({ where: { code: ENTRY.code } });

    it('accept what holds here already without another version', async () => {
      await insert('hn_catalog_sync', entry());
      await runPass(house);
      expect(await receipts('ML-1')).to.have.length(1);
      expect((await receipts('ML-1'))[0]).to.include({ receipt_code: 'ACCEPTED', source_table: 'hn_catalog_sync' });
      expect(await versions()).to.equal(1);
    });

    it('make the next version of what the columns change, and leave the rest as it was', async () => {
      await change({ license_type: '证件', whose: 2 });
      await runPass(house);
      expect((await receipts('ML-1')).at(-1)).to.include({ receipt_code: 'ACCEPTED' });
      const newest = await house.db.rows.catalogueEntries.findOne({ where: { code: ENTRY.code, version: 2 } });
      expect(newest?.definition).to.include({ category: 'certificate', holderType: 'both', level: 'city' });
      expect(newest?.definition.fields).to.deep.equal(ENTRY.fields);
    });

    it('found no entry: what the columns lack is named', async () => {
      await insert('hn_catalog_sync', entry({ catalog_no: 'ML-2', licence_type_code: `${ISSUER}777` }));
      await runPass(house);
      const text = String((await receipts('ML-2'))[0]?.receipt_text);
      expect(text).to.contain('licence_type_code').and.contain('CATALOGUE_UNKNOWN').and.contain('照面');
    });

    it('retire an entry with -2, and refuse a state that is not in the list', async () => {
      await change({ state: -3 });
      await runPass(house);
      expect((await receipts('ML-1')).at(-1)).to.include({ state: 3 });
      await change({ state: -2 });
      await runPass(house);
      expect((await receipts('ML-1')).at(-1)).to.include({ receipt_code: 'ACCEPTED' });
      expect(await house.db.rows.catalogueEntries.count({ where: { code: ENTRY.code, state: 'retired' } })).to.equal(1);
    });
  });
});
