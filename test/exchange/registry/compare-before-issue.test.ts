import { expect } from 'chai';
import { runPass } from '../../../exchange/front-end/run-pass.ts';
import { connectRegistry } from '../../../exchange/registry/ask-registry.ts';
import { workThroughImports } from '../../../exchange/sheet/index.ts';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import type { House } from '../../../models/house.ts';
import { readLicence } from '../../../models/licence/read-licence.ts';
import { reviewLicence } from '../../../models/licence/review-licence.ts';
import { saveReviewRule } from '../../../models/licence/save-review-rule.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { faultOf } from '../../models/fault-of.ts';
import { reviewOne, rowOf, submitOne } from '../../models/licence/issue-one.ts';
import { eachDatabase } from '../../world/each-database.ts';
import {
  COMPANY,
  clerk,
  ENTRY,
  furnish,
  ISSUER,
  OTHER_ISSUER,
  otherClerk,
  reviewer,
  sealKeeper,
} from '../../world/sample-entry.ts';
import { furnishOther, OTHER_ENTRY, ownIdentifier, sealElsewhere } from '../../world/sealed-elsewhere.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { openTestHouse, type TestHouse } from '../../world/test-house.ts';
import { type Department, licenceColumns, openDepartment, registerMachine, saveRule } from '../department.ts';
import { APPLY, importSheet, sheetOf, rowOf as sheetRow } from '../sheet/import-world.ts';
import { type RegistryProcess, startRegistry } from './registry-process.ts';

const RIGHT = { numberType: '001', number: COMPANY, name: '样例建设有限公司' };
const STRANGER = { name: '无名公司', type: 'legal', number: '91419901MA0A1001XE' } as const;

eachDatabase('holders are compared with the registries before issue', (openDatabase) => {
  const folder = temporaryFolder();
  let bare: TestHouse;
  let house: House;
  let registry: RegistryProcess;
  let department: Department;
  let sealing: Department;
  let serial = 100;

  before(async function () {
    this.timeout(60_000);
    registry = await startRegistry(folder.path);
    bare = await openTestHouse(await openDatabase());
    await furnish(bare);
    await furnishOther(bare);
    await saveEntry(bare, clerk, { ...ENTRY, registryComparison: true });
    await saveEntry(bare, otherClerk, { ...OTHER_ENTRY, registryComparison: true });
    const { clock, random } = bare;
    const { compare } = connectRegistry({ url: registry.url, token: registry.token, clock, random, timeoutMs: 500 });
    house = { ...bare, compareWithRegistry: compare };
    const [own, others] = [await openDatabase(), await openDatabase()];
    department = await openDepartment(own);
    sealing = await openDepartment(others);
    await registerMachine(bare, 'zjj', ISSUER, own);
    await registerMachine(bare, 'other', OTHER_ISSUER, others);
    await saveRule(bare);
    await saveReviewRule(bare, sealKeeper, {
      ...{ catalogueCode: ENTRY.code, sources: ['sheet'], coversCommitment: false },
      ...{ from: '2026-01-01', to: '2026-12-31' },
    });
  });
  after(async () => {
    await registry.stop();
    await department.connection.close();
    await sealing.connection.close();
    await bare.close();
    folder.remove();
  });
  beforeEach(async () => {
    await registry.fail('none');
    registry.hold('legal-person', RIGHT);
    // What was answered to another test is forgotten, and no registry rests.
    bare.time.advance({ hours: 25 });
    serial += 1;
  });

  const rename = () => registry.hold('legal-person', { ...RIGHT, name: '样例建设集团有限公司' });
  const push = (key: string) => department.push('zk_licence', { business_key: key, ...licenceColumns(serial) });
  const rowIn = (key: string) => department.read('zk_licence', key);
  const comparisonsOf = async (id: string) =>
    (await readLicence(house, clerk, id)).registryComparisons.map(({ at: _, ...one }) => one);
  const matched = { holder: 0, registry: 'legal-person', outcome: 'match', fields: [] };
  const intents = () => bare.db.rows.intents.count();
  const logged = async (outcome: string) =>
    bare.db.rows.auditEntries.count({ where: { act: 'licence.compare', outcome } });

  describe('a licence that a person seals', () => {
    it('is issued when its holder matches, and the comparison stands in its record and the log', async () => {
      const before = await logged('done');
      const id = await reviewOne(house);
      expect(await sealLicence(house, sealKeeper, id)).to.include({ state: 'issued' });
      expect(await comparisonsOf(id)).to.deep.equal([matched]);
      expect(await logged('done')).to.equal(before + 1);
    });

    it('is stopped before any key is used when the name differs, stays reviewed, and passes once the register is mended', async () => {
      rename();
      const id = await reviewOne(house);
      const before = await intents();
      const fault = await faultOf(sealLicence(house, sealKeeper, id));
      expect(fault).to.include({ code: 'REGISTRY_MISMATCH', kind: 'conflict' });
      expect(fault.errors).to.deep.equal([{ pointer: '/holders/0/name', code: 'REGISTRY_MISMATCH' }]);
      expect(await intents()).to.equal(before);
      expect(await rowOf(house, id)).to.include({ state: 'reviewed' });
      expect(await comparisonsOf(id)).to.deep.equal([{ ...matched, outcome: 'mismatch', fields: ['name'] }]);
      registry.hold('legal-person', RIGHT);
      expect(await sealLicence(house, sealKeeper, id)).to.include({ state: 'issued' });
      expect(await comparisonsOf(id)).to.deep.equal([matched]);
    });

    it('is stopped when the registry does not know the number; a reviewer may return it', async () => {
      const id = await reviewOne(house, { holders: [{ ...STRANGER, number: ISSUER }] });
      const fault = await faultOf(sealLicence(house, sealKeeper, id));
      expect(fault.code).to.equal('REGISTRY_MISMATCH');
      expect(fault.errors).to.deep.equal([{ pointer: '/holders/0/number', code: 'REGISTRY_UNKNOWN' }]);
      const returned = await reviewLicence(house, reviewer, id, { decision: 'returned', reason: '代码不在库' });
      expect(returned).to.include({ state: 'returned' });
    });

    it('is stopped so by each of the four ways in: form, sheet, front-end machine and API', async () => {
      for (const source of ['form', 'sheet', 'front-end', 'api'] as const) {
        const licenceId = await submitOne(house, { holders: [STRANGER] }, source);
        await reviewLicence(house, reviewer, licenceId, { decision: 'approved' });
        const fault = await faultOf(sealLicence(house, sealKeeper, licenceId));
        expect(fault.code, source).to.equal('REGISTRY_MISMATCH');
        expect((await rowOf(house, licenceId)).state, source).to.equal('reviewed');
      }
      await house.db.rows.licences.destroy({ where: { state: 'reviewed', source: 'sheet' } });
    });

    it('names every place of every holder that differs', async () => {
      rename();
      const holders = [
        { ...STRANGER, number: ISSUER },
        { ...STRANGER, name: '样例建设有限公司', number: COMPANY },
      ];
      const fault = await faultOf(sealLicence(house, sealKeeper, await reviewOne(house, { holders })));
      expect(fault.errors.map(({ pointer }) => pointer)).to.deep.equal(['/holders/0/number', '/holders/1/name']);
    });

    for (const trouble of ['down', 'slow', 'garbage'] as const) {
      it(`is held while the registry is ${trouble}, and is sealed when it is asked for again`, async () => {
        await registry.fail(trouble);
        const id = await reviewOne(house);
        const before = await intents();
        const fault = await faultOf(sealLicence(house, sealKeeper, id));
        expect(fault).to.include({ code: 'REGISTRY_UNAVAILABLE', kind: 'unavailable', detail: 'legal-person' });
        expect(await intents()).to.equal(before);
        expect(await rowOf(house, id)).to.include({ state: 'reviewed' });
        expect(await comparisonsOf(id)).to.deep.equal([{ ...matched, outcome: 'unavailable' }]);
        await registry.fail('none');
        bare.time.advance({ seconds: 10 });
        expect(await sealLicence(house, sealKeeper, id)).to.include({ state: 'issued' });
        expect(await comparisonsOf(id)).to.deep.equal([matched]);
      });
    }

    it('needs no second answer for the same holder within a day, but for any other wording of it', async () => {
      await sealLicence(house, sealKeeper, await reviewOne(house));
      await registry.fail('down');
      bare.time.advance({ hours: 23 });
      const second = await sealLicence(house, sealKeeper, await reviewOne(house));
      expect(second).to.include({ state: 'issued' });
      const holders = [{ name: '样例建设公司', type: 'legal', number: COMPANY }];
      const other = await faultOf(sealLicence(house, sealKeeper, await reviewOne(house, { holders })));
      expect(other.code).to.equal('REGISTRY_UNAVAILABLE');
      bare.time.advance({ hours: 2 });
      const late = await faultOf(sealLicence(house, sealKeeper, await reviewOne(house)));
      expect(late.code).to.equal('REGISTRY_UNAVAILABLE');
    });

    it('is issued without a comparison where no registry is connected, and its record says so', async () => {
      const id = await reviewOne(bare);
      expect(await sealLicence(bare, sealKeeper, id)).to.include({ state: 'issued' });
      expect(await comparisonsOf(id)).to.deep.equal([{ ...matched, outcome: 'not-made' }]);
    });

    it('leaves neither name nor number of its holder in the record or the log of the comparison', async () => {
      await sealLicence(house, sealKeeper, await reviewOne(house));
      const kept = await bare.db.rows.registryComparisons.findAll({ raw: true });
      const log = await bare.db.rows.auditEntries.findAll({ where: { act: 'licence.compare' }, raw: true });
      const text = JSON.stringify([kept, log]);
      expect(text).to.contain('legal-person');
      expect(text).not.to.contain(COMPANY).and.not.to.contain('样例建设');
    });
  });

  describe('a row of a front-end machine', () => {
    it('waits with the differing field in its receipt, and goes on by itself once the register is mended', async () => {
      rename();
      await push(`M${serial}`);
      await runPass(house, 'zjj');
      const row = await rowIn(`M${serial}`);
      expect(row).to.include({ state: 2, receipt_code: 'REGISTRY_MISMATCH' });
      expect(row.receipt_text).to.contain('holders.0.name');
      registry.hold('legal-person', RIGHT);
      bare.time.advance({ minutes: 61 });
      await runPass(house, 'zjj');
      expect(await rowIn(`M${serial}`)).to.include({ state: 2, receipt_code: 'ISSUED' });
    });

    it('can be corrected by a higher revision', async () => {
      const wrong = { holders: JSON.stringify([{ ...STRANGER, number: COMPANY }]) };
      await department.push('zk_licence', { business_key: `C${serial}`, ...licenceColumns(serial), ...wrong });
      await runPass(house, 'zjj');
      expect(await rowIn(`C${serial}`)).to.include({ receipt_code: 'REGISTRY_MISMATCH' });
      await department.push('zk_licence', { business_key: `C${serial}`, revision: 2, ...licenceColumns(serial) });
      await runPass(house, 'zjj');
      expect(await rowIn(`C${serial}`)).to.include({ receipt_code: 'ISSUED' });
      expect(await department.read('zk_licence', `C${serial}`, 1)).to.include({ receipt_code: 'SUPERSEDED' });
    });

    it('is held while the registry is down, without trouble of the machine, and goes on with the next pass', async () => {
      await registry.fail('down');
      await push(`D${serial}`);
      const [held] = await runPass(house, 'zjj');
      expect(held?.error).to.equal(undefined);
      expect(await rowIn(`D${serial}`)).to.include({ state: 2, receipt_code: 'REGISTRY_UNAVAILABLE' });
      bare.time.advance({ minutes: 2 });
      await runPass(house, 'zjj');
      expect(await rowIn(`D${serial}`)).to.include({ receipt_code: 'REGISTRY_UNAVAILABLE' });
      await registry.fail('none');
      bare.time.advance({ minutes: 2 });
      await runPass(house, 'zjj');
      expect(await rowIn(`D${serial}`)).to.include({ state: 2, receipt_code: 'ISSUED' });
    });
  });

  describe('a licence that its department has sealed', () => {
    const pushSealed = async (key: string) => {
      const identifier = ownIdentifier(key);
      const { ofd } = await sealElsewhere(bare, identifier, serial);
      await sealing.push('zk_licence', {
        ...{ business_key: key, ...licenceColumns(serial), catalogue_code: OTHER_ENTRY.code },
        ...{ sealed_files: 1, identifier, issued_on: '2026-03-02' },
      });
      const file = { business_key: `${key}-ofd`, licence_key: key, format: 'ofd', file_name: `${key}.ofd` };
      await sealing.push('zk_file', { ...file, content: ofd });
      return identifier;
    };

    it('is not recorded when its holder differs; the receipt names the field', async () => {
      rename();
      const before = await logged('refused');
      const identifier = await pushSealed(`S${serial}`);
      await runPass(house, 'other');
      const row = await sealing.read('zk_licence', `S${serial}`);
      expect(row).to.include({ state: 3, receipt_code: 'REGISTRY_MISMATCH' });
      expect(row.receipt_text).to.match(/holders.*name/);
      expect(await bare.db.rows.licences.count({ where: { identifier } })).to.equal(0);
      expect(await logged('refused')).to.equal(before + 1);
    });

    it('waits new while the registry is down, and is recorded with its comparison when it is back', async () => {
      await registry.fail('down');
      const identifier = await pushSealed(`S${serial}`);
      const [held] = await runPass(house, 'other');
      expect(held?.error).to.equal(undefined);
      expect(held?.counts).to.include({ waiting: 1, accepted: 0 });
      expect(await sealing.read('zk_licence', `S${serial}`)).to.include({
        ...{ state: 0, receipt_code: 'REGISTRY_UNAVAILABLE' },
      });
      await registry.fail('none');
      bare.time.advance({ minutes: 2 });
      await runPass(house, 'other');
      expect(await sealing.read('zk_licence', `S${serial}`)).to.include({ state: 2, receipt_code: 'ISSUED' });
      const licence = await bare.db.rows.licences.findOne({ where: { identifier } });
      const view = await readLicence(house, otherClerk, licence?.id ?? '');
      expect(view.registryComparisons.map(({ at: _, ...one }) => one)).to.deep.equal([matched]);
    });
  });

  describe('an imported row', () => {
    it('is held while the registry is down and goes on by itself', async () => {
      await registry.fail('down');
      await importSheet(house, sheetOf([sheetRow(serial)]), APPLY);
      const states = async () =>
        (await bare.db.rows.licences.findAll({ where: { source: 'sheet' } })).map(({ state }) => state);
      expect(await states()).to.deep.equal(['reviewed']);
      await registry.fail('none');
      bare.time.advance({ minutes: 5 });
      await workThroughImports(house);
      expect(await states()).to.deep.equal(['issued']);
    });
  });
});
