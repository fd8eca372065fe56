import { expect } from 'chai';
import { beginLease, endLease } from '../../exchange/front-end/lease.ts';
import type { MachinePass } from '../../exchange/front-end/profile.ts';
import { makeReceipt } from '../../exchange/front-end/receipts.ts';
import { runPass } from '../../exchange/front-end/run-pass.ts';
import { zhengkuProfile } from '../../exchange/front-end/zhengku/zhengku-profile.ts';
import { keepProvinceCodes } from '../../models/exchange-state/catalogue-codes.ts';
import { openFrontEndList } from '../../models/exchange-state/find-front-ends.ts';
import { houseCaller } from '../../models/house.ts';
import { eachDatabase } from '../world/each-database.ts';
import { ENTRY, ISSUER } from '../world/sample-entry.ts';
import type { TestHouse } from '../world/test-house.ts';
import { type Department, licenceColumns } from './department.ts';
import { type DepartmentWorld, openDepartmentWorld } from './department-world.ts';

eachDatabase('a front-end machine in trouble', (openDatabase) => {
  let world: DepartmentWorld;
  let house: TestHouse;
  let department: Department;

  before(async function () {
    this.timeout(60_000);
    world = await openDepartmentWorld(openDatabase);
    ({ house, department } = world);
  });
  after(() => world.close());

  const isSqlite = () => department.connection.dialect === 'sqlite';
  const run = (sql: string) => department.connection.execute(sql);
  const push = (key: string, serial: number, more: Readonly<Record<string, string | number>> = {}) =>
    department.push('zk_licence', { business_key: key, ...licenceColumns(serial), ...more });
  const licencesOf = (key: string) => house.db.rows.licences.count({ where: { sourceKey: `zjj/${key}` } });

  /** Not the payload: the driver of SQLite ends the process at a text that is no UTF-8. */
  const receiptOf = async (key: string) => {
    const sql = 'SELECT state, receipt_code, receipt_text FROM zk_licence WHERE business_key = ?';
    return (await department.connection.query(sql, [key]))[0] ?? {};
  };

  /** 建设单位 in GBK, as bytes in a column that lets them in. */
  const GBK = Buffer.from('bda8c9e8b5a5cebb', 'hex');

  describe('with broken texts', () => {
    it('refuses bytes that are no UTF-8 by their column, and lets the rows beside through', async () => {
      if (!isSqlite()) await run('ALTER TABLE zk_licence MODIFY reason LONGBLOB, MODIFY fields LONGBLOB');
      const asText = isSqlite() ? 'CAST(? AS TEXT)' : '?';
      await department.connection.execute(
        `INSERT INTO zk_licence (business_key, catalogue_code, holders, fields) VALUES ('U1', ?, '[]', ${asText})`,
        [ENTRY.code, GBK],
      );
      await department.connection.execute(
        `INSERT INTO zk_licence (business_key, operation, status_act, reason) VALUES ('U2', 'status', 'suspend', ${asText})`,
        [GBK],
      );
      await push('U3', 3);
      await runPass(house);
      const broken = await receiptOf('U1');
      expect(broken).to.include({ state: 3 });
      expect(broken.receipt_text).to.contain('fields 文字不是有效的 UTF-8 编码（TEXT_ENCODING_WRONG）');
      expect(broken.receipt_text).to.contain('holders ').and.not.contain('fields 必填');
      const reason = await receiptOf('U2');
      expect(reason).to.include({ state: 3, receipt_code: 'TEXT_ENCODING_WRONG' });
      expect(await department.read('zk_licence', 'U3')).to.include({ state: 2, receipt_code: 'AWAITING_REVIEW' });
      if (!isSqlite()) await run("DELETE FROM zk_licence WHERE business_key IN ('U1', 'U2')");
      if (!isSqlite()) await run('ALTER TABLE zk_licence MODIFY reason LONGTEXT, MODIFY fields LONGTEXT');
    });

    it('answers a row whose very key is broken', async () => {
      if (!isSqlite()) await run('ALTER TABLE zk_query MODIFY business_key VARBINARY(120) NOT NULL');
      const asText = isSqlite() ? 'CAST(? AS TEXT)' : '?';
      await department.connection.execute(`INSERT INTO zk_query (business_key) VALUES (${asText})`, [GBK]);
      await runPass(house);
      const [row] = await department.connection.query('SELECT state, receipt_code FROM zk_query');
      expect(row).to.include({ state: 3, receipt_code: 'QUERY_NOT_ANSWERED' });
      await run('DELETE FROM zk_query');
      if (!isSqlite()) await run('ALTER TABLE zk_query MODIFY business_key VARCHAR(120) NOT NULL');
    });

    it('refuses NUL and half surrogates that hide in JSON', async () => {
      const fields = (name: string) => `{"licenceNumber":"施字第2026000009号","projectName":"${name}"}`;
      await push('N1', 9, { fields: fields('a\\u0000b') });
      await push('N2', 9, { fields: fields('a\\ud800b') });
      await runPass(house);
      for (const key of ['N1', 'N2']) {
        const row = await department.read('zk_licence', key);
        expect(row).to.include({ state: 3, receipt_code: 'CONTROL_CHARACTER' });
        expect(row.receipt_text).to.contain('fields.projectName');
      }
    });

    it('refuses a row that is too large before it is read', async () => {
      const long = isSqlite() ? 'CAST(zeroblob(17000000) AS TEXT)' : "REPEAT('x', 17000000)";
      if (!isSqlite()) {
        const [size] = await department.connection.query('SELECT @@max_allowed_packet AS size');
        expect(Number(size?.size)).to.be.greaterThan(16_000_000);
      }
      const text = isSqlite() ? long : "CONCAT(REPEAT('x', 9000000), '')";
      await run(`INSERT INTO zk_licence (business_key, holders, fields) VALUES ('G1', ${text}, ${text})`);
      await push('G2', 12);
      await runPass(house);
      expect(
        await department.connection.query("SELECT state, receipt_code FROM zk_licence WHERE business_key = 'G1'"),
      ).to.deep.equal([{ state: 3, receipt_code: 'REQUEST_TOO_LARGE' }]);
      expect(await department.read('zk_licence', 'G2')).to.include({ state: 2 });
      await run("DELETE FROM zk_licence WHERE business_key = 'G1'");
    });
  });

  describe('with rows that come twice or out of order', () => {
    it('applies a revision once, and refuses other contents under it', async () => {
      await push('D1', 21);
      await push('D1', 21);
      await push('D1', 21, {
        fields: JSON.stringify({ licenceNumber: '施字第2026000021号', projectName: '另一工程' }),
      });
      const [result] = await runPass(house);
      expect(result?.counts).to.include({ accepted: 1, replayed: 1, refused: 1 });
      expect(await licencesOf('D1')).to.equal(1);
      expect(await department.read('zk_licence', 'D1')).to.include({ state: 3, receipt_code: 'ROW_OUT_OF_ORDER' });
    });

    it('refuses a revision that comes after a higher one', async () => {
      await push('D2', 22, { revision: 3 });
      await runPass(house);
      await push('D2', 22, { revision: 2 });
      await runPass(house);
      expect(await department.read('zk_licence', 'D2', 2)).to.include({ state: 3, receipt_code: 'ROW_OUT_OF_ORDER' });
      expect(await licencesOf('D2')).to.equal(1);
    });

    it('holds whatever the number of a row was used for before', async () => {
      await run('DELETE FROM zk_licence');
      if (isSqlite()) await run("DELETE FROM sqlite_sequence WHERE name = 'zk_licence'");
      else await run('ALTER TABLE zk_licence AUTO_INCREMENT = 1');
      await push('D1', 21);
      await push('D3', 23);
      const [result] = await runPass(house);
      expect(result?.counts).to.include({ accepted: 1, replayed: 1 });
      expect(await department.read('zk_licence', 'D3')).to.include({ row_id: 2, state: 2 });
      expect(await licencesOf('D1')).to.equal(1);
    });

    it('writes no receipt into a row that has taken the number of a claimed one', async () => {
      const [machine] = await openFrontEndList(house, 'zjj');
      if (!machine) throw new Error('zjj is not registered');
      const owner = beginLease('reused');
      const pass: MachinePass = {
        house,
        machine,
        connection: department.connection,
        caller: houseCaller('x', ISSUER),
        owner,
      };
      await department.push('zk_query', { row_id: 50, business_key: 'W1' });
      const [row] = await zhengkuProfile.claim(pass, 'zk_query', 10);
      if (!row) throw new Error('nothing was claimed');
      await run('DELETE FROM zk_query WHERE row_id = 50');
      await department.push('zk_query', { row_id: 50, business_key: 'W2' });
      await zhengkuProfile.answer(pass, [{ row, receipt: makeReceipt('QUERY_NOT_ANSWERED'), files: 'none' }]);
      endLease(owner);
      expect(await department.read('zk_query', 'W2')).to.include({ state: 0, receipt_code: null });
      await runPass(house);
      expect(await department.read('zk_query', 'W2')).to.include({ state: 3 });
    });
  });

  describe('whose tables were altered', () => {
    it('says which column is missing, answers the other tables, and goes on once it is back', async () => {
      await run('ALTER TABLE zk_licence RENAME COLUMN fields TO faces');
      await department.connection.execute(
        "INSERT INTO zk_licence (business_key, catalogue_code, holders, faces) VALUES ('T1', ?, ?, ?)",
        [ENTRY.code, String(licenceColumns(31).holders), String(licenceColumns(31).fields)],
      );
      await department.push('zk_query', { business_key: 'T2' });
      const [result] = await runPass(house);
      expect(result?.error).to.match(/^FRONT_END_ALTERED: zk_licence: .*fields/);
      expect((await house.db.rows.frontEnds.findByPk('zjj'))?.lastError).to.match(/FRONT_END_ALTERED/);
      expect(await department.read('zk_query', 'T2')).to.include({ state: 3 });
      await run('ALTER TABLE zk_licence RENAME COLUMN faces TO fields');
      const [again] = await runPass(house);
      expect(again?.error).to.equal(undefined);
      expect(await department.read('zk_licence', 'T1')).to.include({ state: 2, receipt_code: 'AWAITING_REVIEW' });
      expect((await house.db.rows.frontEnds.findByPk('zjj'))?.lastError).to.equal(null);
    });

    it('misses a table and works through the others', async () => {
      await run('ALTER TABLE zk_case RENAME TO zk_gone');
      await push('T3', 33);
      const [result] = await runPass(house);
      expect(result?.error).to.match(/^FRONT_END_ALTERED: zk_case: /);
      expect(await department.read('zk_licence', 'T3')).to.include({ state: 2 });
      await run('ALTER TABLE zk_gone RENAME TO zk_case');
      expect((await runPass(house))[0]?.error).to.equal(undefined);
    });
  });

  describe('whose database cannot write', () => {
    const refuseReceipts = () =>
      isSqlite()
        ? "CREATE TRIGGER zk_full BEFORE UPDATE ON zk_licence WHEN NEW.state = 2 BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        : "CREATE TRIGGER zk_full BEFORE UPDATE ON zk_licence FOR EACH ROW IF NEW.state = 2 THEN SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1021, MESSAGE_TEXT = 'Disk full'; END IF";

    it('keeps what was applied, records the error, and writes the receipts when there is room again', async () => {
      await run(refuseReceipts());
      await push('F1', 41);
      await push('F2', 42);
      const [result] = await runPass(house);
      expect(result?.error).to.be.a('string');
      expect(await licencesOf('F1')).to.equal(1);
      expect(await department.read('zk_licence', 'F1')).to.include({ state: 0, receipt_code: null });
      await run('DROP TRIGGER zk_full');
      const [again] = await runPass(house);
      expect(again?.error).to.equal(undefined);
      expect(again?.counts).to.include({ replayed: 2, accepted: 0 });
      for (const key of ['F1', 'F2']) {
        expect(await department.read('zk_licence', key)).to.include({ state: 2, receipt_code: 'AWAITING_REVIEW' });
        expect(await licencesOf(key)).to.equal(1);
      }
    });

    it('gets no later revision of a key applied before the receipt of the earlier is there', async () => {
      await run(refuseReceipts());
      await push('R1', 61);
      await department.push('zk_licence', {
        ...licenceColumns(61, { projectName: '样例花园六十一期东' }),
        ...{ business_key: 'R1', revision: 2 },
      });
      await runPass(house);
      expect(await licencesOf('R1')).to.equal(1);
      await run('DROP TRIGGER zk_full');
      const [again] = await runPass(house);
      expect(again?.counts).to.include({ replayed: 1, accepted: 1, refused: 0 });
      expect(await department.read('zk_licence', 'R1', 1)).to.include({ receipt_code: 'SUPERSEDED' });
      expect(await department.read('zk_licence', 'R1', 2)).to.include({ state: 2, receipt_code: 'AWAITING_REVIEW' });
      expect(await licencesOf('R1')).to.equal(2);
    });
  });

  describe('whose clock is ahead', () => {
    it('is told apart, and nothing counts as pushed later than now', async () => {
      const ahead = new Date(house.clock().getTime() + 3_600_000).toISOString();
      const text = isSqlite() ? ahead : ahead.replace('T', ' ').replace('Z', '');
      await push('S1', 51, { pushed_at: text });
      const [result] = await runPass(house);
      expect(result?.counts.aheadSeconds).to.be.at.least(3600);
      expect(await department.read('zk_licence', 'S1')).to.include({ state: 2 });
    });
  });

  describe('with tables of an earlier version', () => {
    it('goes on without the columns that came later, and has them after another `front-end init`', async () => {
      const { connection } = department;
      await connection.execute('ALTER TABLE zk_case DROP COLUMN batch_size');
      for (const column of ['succeeds', 'succession_act', 'succession_reason', 'succession_basis'])
        await connection.execute(`ALTER TABLE zk_licence DROP COLUMN ${column}`);
      await push('O1', 52);
      const notice = { case_number: 'A-1', catalogue_code: ENTRY.code, offline_reason: '不能上网' };
      const closing = { ...notice, mode: 'offline', closed_at: house.clock().toISOString() };
      await department.push('zk_case', { business_key: 'A-1', ...closing });
      await runPass(house);
      expect(await department.read('zk_case', 'A-1')).to.include({ state: 2, receipt_code: 'ACCEPTED' });
      expect(await department.read('zk_licence', 'O1')).to.include({ state: 2 });
      await zhengkuProfile.init(connection);
      await push('O2', 53, { succeeds: '无此证', succession_act: 'renew', succession_reason: '延续' });
      const batch = { ...closing, case_number: 'A-2', mode: 'batch', batch_size: 40 };
      await department.push('zk_case', { business_key: 'A-2', ...batch });
      await runPass(house);
      expect(await department.read('zk_case', 'A-2')).to.include({ state: 2, batch_size: 40 });
      expect((await department.read('zk_licence', 'O2')).receipt_text).to.contain('succeeds ');
    });
  });

  describe('that waits for the province’s code of an entry', () => {
    it('finds it in the row of the entry, once', async () => {
      const code = `${ISSUER}077`;
      const definition = JSON.stringify({ ...ENTRY, code });
      await department.push('zk_catalogue', { business_key: 'C77', definition });
      await runPass(house);
      expect(await keepProvinceCodes(house, [{ code, provincialCode: '41000077' }])).to.equal(1);
      expect(await keepProvinceCodes(house, [{ code, provincialCode: '41000077' }])).to.equal(0);
      const [first] = await runPass(house);
      expect(first?.counts.updated).to.equal(1);
      const row = await department.read('zk_catalogue', 'C77');
      expect(row).to.include({ state: 2, receipt_code: 'ACCEPTED', provincial_code: '41000077' });
      expect(row.receipt_text).to.contain('省级目录代码 41000077');
      const [second] = await runPass(house);
      expect(second?.counts.updated).to.equal(0);
    });
  });
});
