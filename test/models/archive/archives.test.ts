import { expect } from 'chai';
import { listLicenceArchives } from '../../../models/archive/licence-archives.ts';
import { openArchive } from '../../../models/archive/open-archive.ts';
import { openYearlyArchives } from '../../../models/archive/open-yearly-archives.ts';
import { listVolumes, readArchive } from '../../../models/archive/view-archive.ts';
import { workOnArchives } from '../../../models/archive/work-on-archives.ts';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import { houseCaller } from '../../../models/house.ts';
import { Fault } from '../../../models/kernel/fault.ts';
import { changeStatus } from '../../../models/licence/change-status.ts';
import { printShared } from '../../../models/print/print-shared.ts';
import { copyShared } from '../../../models/sharing/copy-shared.ts';
import { openUse } from '../../../models/sharing/open-use.ts';
import { saveMatter } from '../../../models/sharing/save-matter.ts';
import { readPackage } from '../../../signing/zip/read-package.ts';
import { eachDatabase } from '../../world/each-database.ts';
import {
  bureauOfficer,
  CITIZEN,
  CONSUMER,
  clerk,
  ENTRY,
  ISSUER,
  openFurnishedHouse,
  otherClerk,
} from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { issueOne } from '../licence/issue-one.ts';
import { archive, bytesOf, SMALL, window } from './archive-world.ts';

const PERSONAL = `${ISSUER}004`;
const PURPOSE = '核验施工许可';

eachDatabase('archive batches', (open) => {
  let house: TestHouse;
  const licences: string[] = [];
  let personal = '';

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await open());
    await saveEntry(house, clerk, { ...ENTRY, code: `${ISSUER}002`, name: '排水许可证' });
    await saveEntry(house, clerk, { ...ENTRY, code: PERSONAL, holderType: 'natural' });
    for (const catalogueCode of [ENTRY.code, ENTRY.code, `${ISSUER}002`, `${ISSUER}002`])
      licences.push((await issueOne(house, { catalogueCode })).licenceId);
    const holders = [{ name: '欧阳三', type: 'natural', number: CITIZEN }];
    personal = (await issueOne(house, { catalogueCode: PERSONAL, holders })).licenceId;
  });

  after(() => house.close());

  it('take what was issued once, go on after a kill with the same content, and say where a licence went', async () => {
    const order = { purpose: 'issued', year: 2026 } as const;
    const { archiveId, number } = await openArchive(house, clerk, order);
    // the process dies when the first volume is stored, before anything is noted
    const stored: Uint8Array[] = [];
    const dying = {
      ...house,
      blobs: {
        ...house.blobs,
        put(bytes: Uint8Array) {
          stored.push(bytes);
          return Promise.reject(new Error('killed'));
        },
      },
    };
    await workOnArchives(dying, () => true, SMALL).catch((error: Error) => expect(error.message).to.equal('killed'));
    expect(await house.db.rows.archiveItems.count()).to.equal(0);
    house.time.advance({ hours: 1 });
    expect(await workOnArchives(house, () => true, SMALL)).to.equal(2);
    expect(await readArchive(house, clerk, archiveId)).to.include({ state: 'made', items: 5, volumes: 2, number });
    const { items } = await listVolumes(house, clerk, archiveId, {});
    expect(items.map((one) => one.items)).to.deep.equal([4, 1]);
    const manifestOf = (zip: Uint8Array) =>
      [...readPackage(zip).files].find(([path]) => path.endsWith('清单.sm3'))?.[1];
    const again = await bytesOf(house, archiveId, 1);
    expect(Buffer.from(manifestOf(stored[0] ?? new Uint8Array()) ?? [])).to.deep.equal(
      Buffer.from(manifestOf(again) ?? []),
    );
    const [first = ''] = licences;
    const [where] = await listLicenceArchives(house, clerk, first);
    expect(where).to.include({ archiveId, number: `${number}-000001` });
    expect((await faultOf(readArchive(house, otherClerk, archiveId))).code).to.equal('NOT_FOUND');
    expect((await faultOf(bytesOf(house, archiveId, 3))).code).to.equal('NOT_FOUND');
    const log = await house.db.rows.auditEntries.findAll({ where: { act: 'archive.download' } });
    expect(log).to.have.length(1);
    expect(log[0]?.details.licenceIds).to.have.length(4);
  });

  it('are made whatever people have written: what XML cannot hold is told as such', async () => {
    const { licenceId } = await issueOne(house, { catalogueCode: `${ISSUER}002` });
    const reason = '核查\u0001完毕';
    await changeStatus(house, clerk, licenceId, { act: 'suspend', legalBasis: '规定', reason });
    const made = await archive(house, { catalogueCode: `${ISSUER}002` });
    expect(made).to.include({ state: 'made', items: 1, fault: null });
    const { files } = readPackage(await bytesOf(house, made.archiveId, 1));
    const [, metadata] = [...files].find(([path]) => path.endsWith('元数据.xml')) ?? [];
    expect(Buffer.from(metadata ?? []).toString()).to.include('<理由>核查\ufffd完毕</理由>');
  });

  it('leave out what has lost its file and say so; the next takes it when the file is there again', async () => {
    const catalogueCode = `${ISSUER}002`;
    const [lost, whole] = [await issueOne(house, { catalogueCode }), await issueOne(house, { catalogueCode })];
    const [file = { sm3: '' }] = lost.files;
    const without = {
      ...house,
      blobs: {
        ...house.blobs,
        get: (digest: string) =>
          digest === file.sm3 ? Promise.reject(new Fault('FILE_MISSING', { detail: digest })) : house.blobs.get(digest),
      },
    };
    const { archiveId } = await openArchive(house, clerk, { purpose: 'issued', catalogueCode });
    await workOnArchives(without, () => true, SMALL);
    const made = await readArchive(house, clerk, archiveId);
    expect(made).to.include({ state: 'made', items: 1, volumes: 1 });
    expect(made.fault).to.equal(`${lost.licenceId}:1 FILE_MISSING ${file.sm3}`);
    expect(await listLicenceArchives(house, clerk, whole.licenceId)).to.have.length(1);
    expect(await listLicenceArchives(house, clerk, lost.licenceId)).to.deep.equal([]);
    expect(await archive(house, { catalogueCode })).to.include({ state: 'made', items: 1, fault: null });
    expect(await listLicenceArchives(house, clerk, lost.licenceId)).to.have.length(1);
  });

  it('of a year are ordered once, and take only what is new', async () => {
    expect(await archive(house, { year: 2026 })).to.include({ items: 0, state: 'made' });
    const fresh = await issueOne(house);
    expect(await archive(house, { catalogueCode: ENTRY.code, from: '2026-03-02', to: '2026-03-02' })).to.include({
      items: 1,
    });
    expect(await listLicenceArchives(house, clerk, fresh.licenceId)).to.have.length(1);
    const now = house.clock();
    house.time.set('2027-01-03T00:00:00Z');
    expect(await openYearlyArchives(house, houseCaller('test'))).to.equal(2);
    expect(await openYearlyArchives(house, houseCaller('test'))).to.equal(0);
    await workOnArchives(house, () => true);
    house.time.set(now);
    const wrong = openArchive(house, clerk, { purpose: 'issued', from: '2026-02-30', to: '2026-01-01' });
    expect((await faultOf(wrong)).errors.map(({ code }) => code)).to.deep.equal([
      'DATE_IMPOSSIBLE',
      'PERIOD_BACKWARDS',
    ]);
  });

  it('of a consumer hold what it was handed, for which case and purpose, with persons’ numbers masked', async () => {
    const catalogueCodes = [ENTRY.code, PERSONAL];
    await saveMatter(house, bureauOfficer, {
      code: 'SX-1',
      name: '联合验收',
      organisationCode: CONSUMER,
      catalogueCodes,
    });
    const holder = { type: 'natural', number: CITIZEN } as const;
    const { useCode } = await openUse(house, window, { case: 'SL-1', matter: 'SX-1', purpose: PURPOSE, holder });
    const identifier = (await house.db.rows.licences.findByPk(personal))?.identifier ?? '';
    await copyShared(house, window, { useCode, identifier });
    const { serial } = await printShared(house, window, { useCode, identifier });
    expect(await archive(house, { purpose: 'used', caseNumber: 'SL-9' }, window)).to.include({ items: 0 });
    const used = await archive(house, { purpose: 'used', caseNumber: 'SL-1', matterCode: 'SX-1' }, window);
    expect(used).to.include({ items: 2, state: 'made' });
    const { files } = readPackage(await bytesOf(house, used.archiveId, 1, window));
    const paths = [...files.keys()].map((path) => path.split('/').slice(2).join('/'));
    expect(paths).to.include(`打印件/${serial}.pdf`);
    expect(paths.filter((path) => path.startsWith('用证副本/'))).to.have.length(1);
    expect(paths.filter((path) => path.startsWith('原件/'))).to.deep.equal([]);
    const told = [...files]
      .filter(([path]) => path.endsWith('元数据.xml'))
      .map(([, bytes]) => Buffer.from(bytes).toString());
    expect(told.join()).to.include(PURPOSE).and.include('SL-1').and.include('联合验收').and.not.include(CITIZEN);
    expect((await faultOf(readArchive(house, clerk, used.archiveId))).code).to.equal('NOT_FOUND');
  });
});
