import { expect } from 'chai';
import { SEALED_AT_ONCE } from '../../exchange/front-end/apply-submissions.ts';
import { runPass } from '../../exchange/front-end/run-pass.ts';
import type { House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import type { FaultCode } from '../../models/kernel/fault-codes.ts';
import type { SealingTask } from '../../models/sealing/sealer.ts';
import { ISSUER, openFurnishedHouse } from '../world/sample-entry.ts';
import { temporaryFolder } from '../world/temporary-folder.ts';
import type { TestHouse } from '../world/test-house.ts';
import { type Department, licenceColumns, numberOf, openDepartment, registerMachine, saveRule } from './department.ts';

describe('licences that wait while sealing fails', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let house: TestHouse;
  let department: Department;
  let count = 0;

  beforeEach(async () => {
    house = await openFurnishedHouse();
    count += 1;
    const url = `sqlite:${folder.path}/machine-${count}.db`;
    department = await openDepartment(url);
    await registerMachine(house, 'zjj', ISSUER, url);
    await saveRule(house);
  });
  afterEach(async () => {
    await department.connection.close();
    await house.close();
  });
  after(() => folder.remove());

  const failing = (code: FaultCode, fails: (task: SealingTask) => boolean = () => true): House => {
    const seal: House['sealer']['seal'] = (task) =>
      fails(task) ? Promise.reject(new Fault(code, { detail: 'TRIED' })) : house.sealer.seal(task);
    return { ...house, sealer: { ...house.sealer, seal } };
  };
  const push = async (serials: readonly number[]) => {
    for (const serial of serials)
      await department.push('zk_licence', { business_key: `L${serial}`, ...licenceColumns(serial) });
  };
  const intents = () => house.db.rows.intents.count();
  const issued = () => house.db.rows.licences.count({ where: { state: 'issued' } });
  const usesOfKeys = async () => (await house.db.rows.keys.findAll()).map(({ uses }) => uses);

  it('cost few uses of keys in an outage, one licence at a time after growing pauses, and go on when it is over', async () => {
    const away = failing('TIME_STAMP_UNAVAILABLE');
    await push([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await runPass(away);
    const first = await intents();
    expect(first).to.be.within(1, SEALED_AT_ONCE);
    const uses = await usesOfKeys();
    await runPass(away);
    expect(await intents()).to.equal(first);
    expect(await usesOfKeys()).to.deep.equal(uses);
    const row = await department.read('zk_licence', 'L9');
    expect(row).to.include({ state: 2, receipt_code: 'AWAITING_SEAL' });
    expect(row.receipt_text).to.contain('时间戳服务暂不可用：TRIED');
    const tried: number[] = [];
    for (let minute = 2; minute <= 60; minute += 2) {
      house.time.advance({ minutes: 2 });
      const before = await intents();
      await runPass(away);
      expect(await intents()).to.be.at.most(before + 1);
      if ((await intents()) > before) tried.push(minute);
    }
    expect(tried).to.deep.equal([2, 6, 14, 30, 60]);
    expect(await issued()).to.equal(0);
    house.time.advance({ minutes: 60 });
    await runPass(house);
    await runPass(house);
    expect(await issued()).to.equal(9);
    expect(await department.read('zk_licence', 'L9')).to.include({ receipt_code: 'ISSUED' });
  });

  it('are not held up for ever by one that alone cannot be sealed', async () => {
    const oneBad = failing('SEALING_FAILED', ({ content }) => content.values.licenceNumber === numberOf(1));
    await push([1]);
    await runPass(oneBad);
    await push([2, 3, 4, 5]);
    await runPass(oneBad);
    expect(await issued()).to.equal(0);
    house.time.advance({ minutes: 2 });
    await runPass(oneBad);
    await runPass(oneBad);
    expect(await issued()).to.equal(4);
    const bad = await department.read('zk_licence', 'L1');
    expect(bad).to.include({ state: 2, receipt_code: 'AWAITING_SEAL' });
    expect(bad.receipt_text).to.contain('签章未完成').and.contain('TRIED');
  });

  it('say what a person has to do, and are sealed when it is done', async () => {
    const { seals, keys } = house.db.rows;
    const wait = async (text: string) => {
      const [result] = await runPass(house);
      expect(result).to.not.have.property('error');
      const row = await department.read('zk_licence', 'L1');
      expect(row).to.include({ state: 2, receipt_code: 'AWAITING_SEAL' });
      expect(row.receipt_text).to.contain(text);
    };
    await push([1]);
    await seals.update({ state: 'frozen' }, { where: {} });
    await wait('电子印章已冻结');
    await seals.update({ state: 'active', sesVersion: 5 }, { where: {} });
    await wait('只能由印章服务加盖');
    await seals.update({ sesVersion: 4 }, { where: {} });
    await keys.update({ maxUses: 0 }, { where: { purpose: 'signer' } });
    await wait('密钥已达使用次数');
    await keys.update({ maxUses: null }, { where: { purpose: 'signer' } });
    await keys.update({ state: 'disabled' }, { where: { purpose: 'repository', algorithm: 'SM2' } });
    house.time.advance({ minutes: 1 });
    await wait('签名密钥尚未导入');
    expect(await intents()).to.equal(0);
    await keys.update({ state: 'active' }, { where: {} });
    house.time.advance({ minutes: 1 });
    await runPass(house);
    expect(await department.read('zk_licence', 'L1')).to.include({ receipt_code: 'ISSUED' });
  });

  it('have a receipt whatever stands in the way, and leave their key to a corrected revision', async () => {
    const codes = [
      'LICENCE_NUMBERS_EXHAUSTED',
      'TIME_STAMP_UNAVAILABLE',
      'KEY_SERVICE_UNAVAILABLE',
      'NOT_FOUND',
    ] as const;
    for (const [index, code] of codes.entries()) {
      const serial = index + 1;
      const key = `L${serial}`;
      house.time.advance({ hours: 2 });
      await push([serial]);
      const [result] = await runPass(failing(code));
      expect(result, code).to.not.have.property('error');
      const waiting = await department.read('zk_licence', key);
      expect(waiting, code).to.include({ state: 2, receipt_code: 'AWAITING_SEAL' });
      expect(waiting.receipt_text).to.contain(`：TRIED（${code}）`);
      const corrected = licenceColumns(serial, { projectName: '更正' });
      await department.push('zk_licence', { business_key: key, revision: 2, ...corrected });
      await runPass(failing(code));
      expect(await department.read('zk_licence', key, 1), code).to.include({ state: 3, receipt_code: 'SUPERSEDED' });
      house.time.advance({ hours: 2 });
      await runPass(house);
      expect(await department.read('zk_licence', key, 2), code).to.include({ state: 2, receipt_code: 'ISSUED' });
    }
  });
});
