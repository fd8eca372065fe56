import { expect } from 'chai';
import { followAwaiting } from '../../exchange/front-end/follow-awaiting.ts';
import { beginLease, endLease } from '../../exchange/front-end/lease.ts';
import { noCounts } from '../../exchange/front-end/pass-counts.ts';
import type { FrontEndProfile, MachinePass } from '../../exchange/front-end/profile.ts';
import { runPass } from '../../exchange/front-end/run-pass.ts';
import { workTable } from '../../exchange/front-end/work-table.ts';
import { zhengkuProfile } from '../../exchange/front-end/zhengku/zhengku-profile.ts';
import { openFrontEndList } from '../../models/exchange-state/index.ts';
import { type House, houseCaller } from '../../models/house.ts';
import { eachDatabase } from '../world/each-database.ts';
import { licenceColumns, saveRule } from './department.ts';
import { type DepartmentWorld, openDepartmentWorld } from './department-world.ts';

eachDatabase('a row that one pass answers while another seals its licence', (openDatabase) => {
  let world: DepartmentWorld;

  before(async function () {
    this.timeout(60_000);
    world = await openDepartmentWorld(openDatabase);
    await saveRule(world.house);
  });
  after(() => world.close());

  it('is told of the issue by the next pass', async function () {
    this.timeout(60_000);
    const { house, department } = world;
    await department.push('zk_licence', { business_key: 'K1', ...licenceColumns(1) });
    const failing = { ...house, sealer: { ...house.sealer, seal: () => Promise.reject(new Error('gone')) } };
    await runPass(failing);
    let begun = () => {};
    let goOn = () => {};
    const atSealing = new Promise<void>((resolve) => {
      begun = resolve;
    });
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const seal: House['sealer']['seal'] = async (task) => {
      begun();
      await gate;
      return house.sealer.seal(task);
    };
    const sealing = runPass({ ...house, sealer: { ...house.sealer, seal } });
    await atSealing;
    // Judged while the other seals, answered once the other has ended.
    const late: FrontEndProfile = {
      ...zhengkuProfile,
      async answer(pass, answers) {
        goOn();
        await sealing;
        await zhengkuProfile.answer(pass, answers);
      },
    };
    await workLicences(late);
    expect(await department.read('zk_licence', 'K1')).to.include({ state: 2, receipt_code: 'AWAITING_SEAL' });
    await runPass(house);
    expect(await department.read('zk_licence', 'K1')).to.include({ state: 2, receipt_code: 'ISSUED' });
  });

  it('is told of it also when it is answered between the writing of the receipt and its keeping', async function () {
    this.timeout(60_000);
    const { house, department } = world;
    await department.push('zk_licence', { business_key: 'K2', ...licenceColumns(2) });
    const failing = { ...house, sealer: { ...house.sealer, seal: () => Promise.reject(new Error('gone')) } };
    await runPass(failing);
    house.time.set(new Date(house.clock().getTime() + 86_400_000));
    await department.connection.execute("UPDATE zk_licence SET state = 1 WHERE business_key = 'K2'");
    const answeredBetween: FrontEndProfile = {
      ...zhengkuProfile,
      async followUp(pass, receipts) {
        await zhengkuProfile.followUp(pass, receipts);
        await department.connection.execute("UPDATE zk_licence SET state = 2 WHERE business_key = 'K2' AND state = 1");
      },
    };
    await withPass((pass) => followAwaiting(pass, answeredBetween));
    expect(await department.read('zk_licence', 'K2')).to.include({ state: 2, receipt_code: 'ISSUED' });
  });

  async function workLicences(profile: FrontEndProfile): Promise<void> {
    const bounds = { isSlow: () => false, isOver: () => false, isStopped: () => false };
    await withPass((pass) => workTable({ pass, profile, table: 'zk_licence', counts: noCounts(), ...bounds }));
  }

  async function withPass(act: (pass: MachinePass) => Promise<unknown>): Promise<void> {
    const { house, department } = world;
    const [machine] = await openFrontEndList(house);
    if (!machine) throw new Error('not registered');
    const owner = beginLease('late');
    const caller = houseCaller('x', machine.organisationCode);
    const pass: MachinePass = { house, machine, connection: department.connection, caller, owner };
    await act(pass);
    endLease(owner);
  }
});
