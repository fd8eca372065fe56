import { expect } from 'chai';
import { exchangeStatus } from '../../exchange/exchange-status.ts';
import { toInstantText } from '../../exchange/front-end/connection.ts';
import { runPass } from '../../exchange/front-end/run-pass.ts';
import { revealHolderNumber } from '../../models/holder/find-or-add-holder.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';
import { drawPreview } from '../../models/licence/draw-preview.ts';
import { findHolders } from '../../models/licence/find-holders.ts';
import { copyShared } from '../../models/sharing/copy-shared.ts';
import { openUse } from '../../models/sharing/open-use.ts';
import { saveMatter } from '../../models/sharing/save-matter.ts';
import { faultOf } from '../models/fault-of.ts';
import { eachDatabase } from '../world/each-database.ts';
import { bureauOfficer, CONSUMER, ISSUER } from '../world/sample-entry.ts';
import { callerWith, type TestHouse } from '../world/test-house.ts';
import {
  type Department,
  licenceColumns,
  OTHER_ENTRY,
  ownIdentifier,
  registerMachine,
  sealElsewhere,
} from './department.ts';
import { type DepartmentWorld, openDepartmentWorld } from './department-world.ts';

eachDatabase('licences that a department seals itself', (openDatabase) => {
  let world: DepartmentWorld;
  let house: TestHouse;
  let department: Department;
  let url: string;

  before(async function () {
    this.timeout(60_000);
    world = await openDepartmentWorld(openDatabase, 'other');
    ({ house, department, url } = world);
  });
  after(() => world.close());

  const pushLicence = (key: string, serial: number, identifier: string, more: Record<string, string | number> = {}) =>
    department.push('zk_licence', {
      ...{ business_key: key, ...licenceColumns(serial), catalogue_code: OTHER_ENTRY.code },
      ...{ sealed_files: 2, identifier, issued_on: '2026-03-01', ...more },
    });

  const pushFile = (key: string, format: string, content: Uint8Array, more: Record<string, string | number> = {}) =>
    department.push('zk_file', {
      business_key: `${key}-${format}`,
      licence_key: key,
      format,
      file_name: `${key}.${format}`,
      content,
      ...more,
    });

  it('wait until all their files are there, then are recorded with the department’s own files and a check code of ours', async () => {
    const identifier = ownIdentifier('A1');
    const { ofd, pdf } = await sealElsewhere(house, identifier, 1);
    await pushLicence('A1', 1, identifier);
    await pushFile('A1', 'ofd', ofd, { sm3: sm3Hex(ofd).toUpperCase() });
    const [waiting] = await runPass(house);
    expect(waiting?.counts).to.include({ waiting: 1, accepted: 0 });
    expect(await department.read('zk_licence', 'A1')).to.include({ state: 0, receipt_code: 'AWAITING_FILES' });
    await pushFile('A1', 'pdf', pdf);
    await runPass(house);
    const row = await department.read('zk_licence', 'A1');
    expect(row).to.include({ state: 2, receipt_code: 'ISSUED', licence_identifier: identifier });
    for (const format of ['ofd', 'pdf'])
      expect(await department.read('zk_file', `A1-${format}`)).to.include({ state: 2 });
    const licence = await house.db.rows.licences.findOne({ where: { identifier } });
    expect(licence).to.include({ state: 'issued', status: 'valid', issuedOn: '2026-03-01' });
    expect(licence?.verificationCode).to.match(/^[0-9A-Z]{20,}$/);
    const files = await house.db.rows.licenceFiles.findAll({
      where: { licenceId: licence?.id ?? '' },
      order: [['format', 'ASC']],
    });
    expect(files.map(({ digest }) => digest)).to.deep.equal([sm3Hex(ofd), sm3Hex(pdf)]);
    expect(await house.db.rows.intents.count()).to.equal(0);
  });

  it('have the department’s face, not one of ours: no preview is drawn, no copy made', async () => {
    const licence = (await house.db.rows.licences.findOne({ where: { identifier: ownIdentifier('A1') } }))?.get();
    if (!licence) throw new Error('A1 was not recorded');
    expect((await faultOf(drawPreview(house, licence, 0))).code).to.equal('NOT_FOUND');
    const matter = { code: 'SX-1', name: '事项', organisationCode: CONSUMER, catalogueCodes: [OTHER_ENTRY.code] };
    await saveMatter(house, bureauOfficer, matter);
    const window = callerWith(['consumer.window'], CONSUMER, 'window');
    const [holder] = await findHolders(house, licence.id);
    const number = holder ? revealHolderNumber(house, holder) : '';
    const { useCode } = await openUse(house, window, {
      ...{ case: 'SL-1', matter: 'SX-1', purpose: '核验资质' },
      holder: { type: holder?.type ?? 'legal', number },
    });
    const request = { useCode, identifier: ownIdentifier('A1') };
    expect((await faultOf(copyShared(house, window, request))).code).to.equal('STATE_CONFLICT');
  });

  it('are refused when a file was altered after sealing, and nothing is stored', async () => {
    const identifier = ownIdentifier('A2');
    const { ofd, pdf } = await sealElsewhere(house, identifier, 2);
    const altered = Uint8Array.from(pdf);
    const at = Buffer.from(altered).indexOf('stream') + 20;
    altered[at] = (altered[at] ?? 0) ^ 1;
    await pushLicence('A2', 2, identifier);
    await pushFile('A2', 'ofd', ofd);
    await pushFile('A2', 'pdf', altered);
    await runPass(house);
    const row = await department.read('zk_licence', 'A2');
    expect(row).to.include({ state: 3, receipt_code: 'FILE_REFUSED' });
    expect(row.receipt_text).to.contain('zk_file.pdf').and.contain('FILE_REFUSED').and.contain('DIGEST_MISMATCH');
    expect(await department.read('zk_file', 'A2-pdf')).to.include({ state: 3 });
    expect(await house.db.rows.licences.count({ where: { identifier } })).to.equal(0);
  });

  it('are refused with every reason: wrong check character, other digest, other format', async () => {
    const identifier = ownIdentifier('A3');
    const wrong = `${identifier.slice(0, -1)}${identifier.endsWith('0') ? '1' : '0'}`;
    const { ofd, pdf } = await sealElsewhere(house, identifier, 3);
    await pushLicence('A3', 3, wrong);
    await pushFile('A3', 'ofd', pdf);
    await pushFile('A3', 'pdf', ofd, { sm3: '0'.repeat(64) });
    await runPass(house);
    const text = (await department.read('zk_licence', 'A3')).receipt_text;
    expect(text).to.contain('CHECK_CHARACTER_WRONG');
    expect(text).to.contain('zk_file.ofd').and.contain('FILE_NOT_WHAT_IT_SAYS');
    expect(text).to.contain('zk_file.pdf.sm3').and.contain('FILE_MISMATCH');
  });

  it('are refused under an identifier of another entry or body, or one that is taken', async () => {
    const identifier = ownIdentifier('A1');
    const { ofd, pdf } = await sealElsewhere(house, identifier, 4);
    await pushLicence('A4', 4, identifier);
    await pushFile('A4', 'ofd', ofd);
    await pushFile('A4', 'pdf', pdf);
    await runPass(house);
    expect((await department.read('zk_licence', 'A4')).receipt_text)
      .to.contain('identifier')
      .and.contain('ALREADY_EXISTS');
    const foreign = (await house.db.rows.catalogueEntries.findOne({ where: { issuingBody: ISSUER } }))?.code ?? '';
    await pushLicence('A5', 5, ownIdentifier('A5'), { catalogue_code: foreign });
    await pushFile('A5', 'ofd', ofd);
    await pushFile('A5', 'pdf', pdf);
    await runPass(house);
    expect(await department.read('zk_licence', 'A5')).to.include({ state: 3, receipt_code: 'FOREIGN_ISSUER' });
  });

  it('are refused when a file names another licence inside', async () => {
    const { ofd, pdf } = await sealElsewhere(house, ownIdentifier('A6'), 6);
    await pushLicence('A7', 7, ownIdentifier('A7'));
    await pushFile('A7', 'ofd', ofd);
    await pushFile('A7', 'pdf', pdf);
    await runPass(house);
    const text = (await department.read('zk_licence', 'A7')).receipt_text;
    expect(text).to.contain('zk_file.ofd').and.contain('FILE_MISMATCH');
  });

  describe('in files that no licence row takes', () => {
    const hoursAgo = (hours: number) => toInstantText(department.connection.dialect, before(hours));
    const before = (hours: number) => new Date(house.clock().getTime() - hours * 3_600_000);
    const bytes = Buffer.from('%PDF-');

    it('are waited for during a day, then the file is refused with a reason', async () => {
      await pushFile('L1', 'pdf', bytes, { pushed_at: hoursAgo(25) });
      await pushFile('L2', 'pdf', bytes, { pushed_at: hoursAgo(23) });
      const [result] = await runPass(house, 'other');
      expect(result?.counts).to.include({ refused: 1 });
      const lone = await department.read('zk_file', 'L1-pdf');
      expect(lone).to.include({ state: 3, receipt_code: 'FILES_WITHOUT_LICENCE' });
      expect(lone.receipt_text).to.contain('licence_key L1');
      expect(await department.read('zk_file', 'L2-pdf')).to.include({ state: 0 });
      await department.connection.execute("DELETE FROM zk_file WHERE business_key IN ('L1-pdf', 'L2-pdf')");
    });

    it('refuse at once what comes after the licence was issued without it', async () => {
      await pushFile('A1', 'png', bytes, { pushed_at: hoursAgo(0) });
      await runPass(house);
      const late = await department.read('zk_file', 'A1-png');
      expect(late).to.include({ state: 3, receipt_code: 'FILES_WITHOUT_LICENCE' });
      expect(late.receipt_text).to.contain('未包括此文件');
      await department.connection.execute("DELETE FROM zk_file WHERE business_key = 'A1-png'");
    });

    it('refuse it after a day when the licence row says that there are none', async () => {
      await department.push('zk_licence', {
        ...{ business_key: 'L3', ...licenceColumns(33), catalogue_code: OTHER_ENTRY.code, sealed_files: 0 },
      });
      await pushFile('L3', 'pdf', bytes, { pushed_at: hoursAgo(25) });
      await runPass(house);
      expect(await department.read('zk_licence', 'L3')).to.include({ state: 2, receipt_code: 'AWAITING_REVIEW' });
      expect(await department.read('zk_file', 'L3-pdf')).to.include({
        state: 3,
        receipt_code: 'FILES_WITHOUT_LICENCE',
      });
      await department.connection.execute("DELETE FROM zk_file WHERE business_key = 'L3-pdf'");
    });

    it('keep it a week for the corrected revision when the licence was refused', async () => {
      const lay = (hours: number) => pushFile('L4', 'pdf', bytes, { pushed_at: hoursAgo(hours) });
      await department.push('zk_licence', { business_key: 'L4', operation: 'delete', ...licenceColumns(34) });
      await lay(6 * 24);
      await runPass(house);
      expect(await department.read('zk_file', 'L4-pdf')).to.include({ state: 0 });
      await lay(8 * 24);
      await runPass(house);
      expect(await department.read('zk_file', 'L4-pdf')).to.include({ state: 3 });
      await department.connection.execute("DELETE FROM zk_file WHERE business_key = 'L4-pdf'");
      await department.connection.execute("DELETE FROM zk_licence WHERE business_key = 'L4'");
    });

    it('leave it while its licence row waits for the rest, however long', async () => {
      await pushLicence('L5', 35, ownIdentifier('L5'));
      await pushFile('L5', 'pdf', bytes, { pushed_at: hoursAgo(1000) });
      await runPass(house);
      expect(await department.read('zk_file', 'L5-pdf')).to.include({ state: 0 });
      await department.connection.execute("DELETE FROM zk_file WHERE business_key = 'L5-pdf'");
      await department.connection.execute("DELETE FROM zk_licence WHERE business_key = 'L5'");
    });
  });

  it('change their status like any other', async () => {
    await department.push('zk_licence', {
      ...{ business_key: 'A1', revision: 2, operation: 'status' },
      ...{ status_act: 'cancel', legal_basis: '行政许可法第七十条', reason: '申请人申请' },
    });
    await runPass(house);
    expect(await department.read('zk_licence', 'A1', 2)).to.include({ state: 2, receipt_code: 'STATUS_CHANGED' });
  });

  it('stop nobody else when their machine is down, and its error is kept', async () => {
    const lost = url.startsWith('mysql') ? url.replace(/t\d+$/, 'nowhere') : 'sqlite:/nowhere/at/all.db';
    await registerMachine(house, 'a-lost-one', ISSUER, lost);
    await department.push('zk_query', { business_key: 'Q' });
    const results = await runPass(house);
    expect(results.map(({ frontEnd, error }) => [frontEnd, error !== undefined])).to.deep.equal([
      ['a-lost-one', true],
      ['other', false],
    ]);
    expect(await department.read('zk_query', 'Q')).to.include({ state: 3 });
    expect((await house.db.rows.frontEnds.findByPk('a-lost-one'))?.lastError).to.be.a('string');
    // Files of licences that were refused for other reasons wait for the corrected revision.
    const { departments } = await exchangeStatus(house, bureauOfficer);
    expect(departments.find(({ frontEnd }) => frontEnd === 'a-lost-one')).to.include({ depth: null });
    expect(departments.find(({ frontEnd }) => frontEnd === 'other')).to.include({ depth: 4, refused: 12 });
    expect(await house.db.rows.exchangeRuns.count({ where: { frontEnd: 'a-lost-one' } })).to.equal(1);
  });

  it('take the place of a former that their row names, sealed by the department as it was', async () => {
    const [former, identifier] = [ownIdentifier('A8'), ownIdentifier('A9')];
    const succession = { succeeds: former, succession_act: 'replace', succession_reason: '遗失' };
    for (const key of ['A8', 'A9']) {
      const { ofd, pdf } = await sealElsewhere(house, ownIdentifier(key), 88);
      await pushFile(key, 'ofd', ofd);
      await pushFile(key, 'pdf', pdf);
      await pushLicence(key, 88, ownIdentifier(key), key === 'A9' ? succession : {});
      await runPass(house);
    }
    const row = await department.read('zk_licence', 'A9');
    expect(row, String(row.receipt_text)).to.include({ state: 2, receipt_code: 'ISSUED' });
    const named = await house.db.rows.licences.findAll({ where: { identifier: [former, identifier] } });
    const statuses = named.map((licence) => [licence.identifier, licence.status, licence.successionAct]);
    expect(statuses).to.have.deep.members([
      [former, 'voided', null],
      [identifier, 'valid', 'replace'],
    ]);
  });
});
