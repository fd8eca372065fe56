import { expect } from 'chai';
import { exchangeStatus } from '../../exchange/exchange-status.ts';
import { runPass } from '../../exchange/front-end/run-pass.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';
import { eachDatabase } from '../world/each-database.ts';
import { bureauOfficer, furnish, ISSUER, OTHER_ISSUER } from '../world/sample-entry.ts';
import { openTestHouse, type TestHouse } from '../world/test-house.ts';
import {
  type Department,
  furnishOther,
  licenceColumns,
  OTHER_ENTRY,
  openDepartment,
  ownIdentifier,
  registerMachine,
  sealElsewhere,
} from './department.ts';

eachDatabase('licences that a department seals itself', (openDatabase) => {
  let house: TestHouse;
  let department: Department;
  let url: string;

  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await openDatabase());
    await furnish(house);
    await furnishOther(house);
    url = await openDatabase();
    department = await openDepartment(url);
    await registerMachine(house, 'other', OTHER_ISSUER, url);
  });

  after(async () => {
    await department.connection.close();
    await house.close();
  });

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

  it('are refused when a file was altered after sealing, and nothing is stored', async () => {
    const identifier = ownIdentifier('A2');
    const { ofd, pdf } = await sealElsewhere(house, identifier, 2);
    const altered = Uint8Array.from(pdf);
    const at = Math.floor(altered.length / 2);
    altered[at] = (altered[at] ?? 0) ^ 1;
    await pushLicence('A2', 2, identifier);
    await pushFile('A2', 'ofd', ofd);
    await pushFile('A2', 'pdf', altered);
    await runPass(house);
    const row = await department.read('zk_licence', 'A2');
    expect(row).to.include({ state: 3, receipt_code: 'FILE_REFUSED' });
    expect(row.receipt_text).to.contain('/files/pdf').and.contain('FILE_REFUSED').and.contain('DIGEST_MISMATCH');
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
    expect(text).to.contain('/files/ofd').and.contain('FILE_NOT_WHAT_IT_SAYS');
    expect(text).to.contain('/files/pdf/sm3').and.contain('FILE_MISMATCH');
  });

  it('are refused under an identifier of another entry or body, or one that is taken', async () => {
    const identifier = ownIdentifier('A1');
    const { ofd, pdf } = await sealElsewhere(house, identifier, 4);
    await pushLicence('A4', 4, identifier);
    await pushFile('A4', 'ofd', ofd);
    await pushFile('A4', 'pdf', pdf);
    await runPass(house);
    expect((await department.read('zk_licence', 'A4')).receipt_text)
      .to.contain('/identifier')
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
    expect(text).to.contain('/files/ofd').and.contain('FILE_MISMATCH');
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
});
