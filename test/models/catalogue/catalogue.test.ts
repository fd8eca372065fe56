import { expect } from 'chai';
import type { CatalogueDefinition } from '../../../models/catalogue/definition.ts';
import { catalogueDefinitionSchema } from '../../../models/catalogue/definition.ts';
import { findNewestEntry, getEntryVersion, listEntries } from '../../../models/catalogue/find-entry.ts';
import { retireEntry } from '../../../models/catalogue/retire-entry.ts';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import { submitLicence } from '../../../models/licence/submit-licence.ts';
import { eachDatabase } from '../../world/each-database.ts';
import {
  CONSUMER,
  clerk,
  ENTRY,
  ISSUER,
  OTHER_ISSUER,
  openFurnishedHouse,
  otherClerk,
  reviewer,
  SUBMISSION,
} from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf, linesOf } from '../fault-of.ts';
import { issueOne, rowOf, submitOne } from '../licence/issue-one.ts';

eachDatabase('the catalogue', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });

  after(() => house.close());

  const faultsOf = async (change: Partial<CatalogueDefinition>) =>
    linesOf(await faultOf(saveEntry(house, clerk, { ...ENTRY, ...change })));
  const page = ENTRY.face.pages[0];
  const withItems = (...items: CatalogueDefinition['face']['pages'][number]['items']): Partial<CatalogueDefinition> =>
    page ? { face: { pages: [{ ...page, items }] } } : {};
  const seal = { kind: 'seal', box: [130, 190, 42, 42] } as const;
  const text = { kind: 'text', text: '{holderName}', box: [20, 30, 170, 15], sizeMm: 4 } as const;
  const sealed = { ...seal, box: [...seal.box] as [number, number, number, number] };
  const written = { ...text, box: [...text.box] as [number, number, number, number] };

  it('takes the sample entry in the shape the API states', () => {
    expect(catalogueDefinitionSchema.safeParse(ENTRY).success).to.equal(true);
  });

  it('makes a new version of an entry; a licence keeps the version it was submitted under', async () => {
    const waiting = await submitOne(house);
    const old = await issueOne(house);
    const saved = await saveEntry(house, clerk, { ...ENTRY, name: '建筑工程施工许可证（新版）' });
    expect(saved).to.include({ version: 2, state: 'in-force' });
    expect((await getEntryVersion(house, ENTRY.code, 1)).state).to.equal('superseded');
    expect((await rowOf(house, waiting)).catalogueVersion).to.equal(1);
    expect(old.catalogueName).to.equal(ENTRY.name);
    const young = await issueOne(house);
    expect(young).to.include({ catalogueVersion: 2, catalogueName: '建筑工程施工许可证（新版）' });
    expect((await findNewestEntry(house, ENTRY.code))?.version).to.equal(2);
    expect((await listEntries(house, {})).items.map(({ version }) => version)).to.deep.equal([2]);
  });

  it('tells the province of each version through the outbox', async () => {
    const rows = await house.db.rows.outbox.findAll({
      where: { subject: `catalogue:${ENTRY.code}` },
      order: [['id', 'ASC']],
    });
    expect(rows.map((row) => row.payload)).to.deep.equal(
      [1, 2].map((version) => ({ catalogueCode: ENTRY.code, version })),
    );
  });

  it('numbers versions without a double when two are saved at once', async () => {
    const definition = { ...ENTRY, code: `${ISSUER}007` };
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => saveEntry(house, clerk, definition)));
    const versions = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.version] : []));
    expect(new Set(versions).size).to.equal(versions.length).and.be.at.least(1);
    const rows = await house.db.rows.catalogueEntries.findAll({ where: { code: definition.code, state: 'in-force' } });
    expect(rows).to.have.length(1);
  });

  it('belongs to the issuing body: another one neither writes, takes over nor retires it', async () => {
    expect((await faultOf(saveEntry(house, otherClerk, ENTRY))).code).to.equal('FOREIGN_ISSUER');
    expect((await faultOf(saveEntry(house, otherClerk, { ...ENTRY, issuingBody: OTHER_ISSUER }))).code).to.equal(
      'FOREIGN_ISSUER',
    );
    expect((await faultOf(retireEntry(house, otherClerk, ENTRY.code))).code).to.equal('FOREIGN_ISSUER');
    expect((await faultOf(saveEntry(house, reviewer, ENTRY))).code).to.equal('FORBIDDEN');
  });

  it('refuses patterns that could stop the house, numbers that break their own format, and a template that counts not', async () => {
    const evil = { ...ENTRY.fields[2], pattern: '^(a+)+$' } as CatalogueDefinition['fields'][number];
    const format = ENTRY.numberFormat;
    const numberFormat = { ...format, pattern: '^(施|施字)*$' };
    expect(
      await faultsOf({ numberFormat, fields: [...ENTRY.fields.slice(0, 2), evil, ...ENTRY.fields.slice(3)] }),
    ).to.deep.equal(['/numberFormat/pattern FIELD_PATTERN', '/fields/2/pattern FIELD_PATTERN']);
    for (const template of ['施字第{yyyy}{seq:7}号', '施字第2026000001号', '施字第{yyyy}{seq:3}{seq:3}号']) {
      expect(await faultsOf({ numberFormat: { ...format, template } }), template).to.deep.equal([
        '/numberFormat/template FIELD_PATTERN',
      ]);
    }
  });

  it('refuses a type code that another registered issuer defines; a body above it may define it', async () => {
    expect(await faultsOf({ code: `${OTHER_ISSUER}001` })).to.deep.equal(['/code FOREIGN_ISSUER']);
    const above = await saveEntry(house, clerk, { ...ENTRY, code: `${CONSUMER}001` });
    expect(above.version).to.equal(1);
    await house.db.rows.catalogueEntries.destroy({ where: { code: above.code } });
  });

  it('refuses what is classified', async () => {
    expect(await faultsOf({ classified: true })).to.deep.equal(['/classified CLASSIFIED_REFUSED']);
  });

  it('refuses a providing body that nobody registered', async () => {
    expect(await faultsOf({ providingBody: `${ISSUER.slice(0, 17)}X` })).to.deep.equal(['/providingBody NOT_FOUND']);
  });

  it('refuses a face without a place for the seal', async () => {
    expect(await faultsOf(withItems(written))).to.deep.equal(['/face FACE_INVALID']);
  });

  it('refuses a face that speaks of fields the entry does not have', async () => {
    const items = [{ ...written, text: '{holderName}{owner}' }, { ...written, when: 'never' }, sealed];
    expect(await faultsOf(withItems(...items))).to.deep.equal([
      '/face/pages/0/items/0 FACE_INVALID',
      '/face/pages/0/items/1 FACE_INVALID',
    ]);
    const picture = { kind: 'image', field: 'photo', box: [1, 1, 10, 10] as [number, number, number, number] } as const;
    expect(await faultsOf(withItems(picture, sealed))).to.deep.equal(['/face/pages/0/items/0 FACE_INVALID']);
  });

  it('refuses boxes beyond the page, and base images that are not there or no pictures', async () => {
    expect(await faultsOf(withItems({ ...sealed, box: [200, 0, 42, 42] }))).to.deep.equal([
      '/face/pages/0/items/0/box FACE_INVALID',
    ]);
    const face = { pages: ENTRY.face.pages.map((one) => ({ ...one, baseImage: 'back' })) };
    expect(await faultsOf({ face })).to.deep.equal(['/face/pages/0/baseImage FACE_INVALID']);
    const baseImages = { back: Buffer.from('no picture').toString('base64') };
    expect(await faultsOf({ face, baseImages })).to.deep.equal(['/baseImages/back IMAGE_UNREADABLE']);
  });

  it('refuses an example that does not follow its own pattern, code lists without codes, doubled and missing fields', async () => {
    const numberFormat = { pattern: '^\\d+$', example: 'A1' };
    const fields = [
      { key: 'kind', name: '类别', type: 'code', required: false },
      { key: 'kind', name: '类别', type: 'text', required: false },
    ] as CatalogueDefinition['fields'];
    expect(await faultsOf({ ...withItems(sealed), numberFormat, fields })).to.have.members([
      '/numberFormat/example FIELD_PATTERN',
      '/fields FIELD_REQUIRED',
      '/fields ALREADY_EXISTS',
      '/fields/0/codes FIELD_REQUIRED',
    ]);
  });

  it('refuses a time that ends before it begins, and codes whose check character is wrong', async () => {
    const wrong = `${ISSUER.slice(0, 17)}${ISSUER.endsWith('0') ? '1' : '0'}`;
    expect(await faultsOf({ code: `${wrong}001`, inForceFrom: '2026-03-02', inForceTo: '2026-03-01' })).to.deep.equal([
      '/code CHECK_CHARACTER_WRONG',
      '/inForceTo VALIDITY_BACKWARDS',
    ]);
  });

  it('goes on under the present version until the day of the next has come', async () => {
    const { catalogueVersion } = await issueOne(house);
    const { version } = await saveEntry(house, clerk, { ...ENTRY, name: '明年的样式', inForceFrom: '2027-01-01' });
    expect((await issueOne(house)).catalogueVersion).to.equal(catalogueVersion);
    const now = house.clock();
    house.time.set('2027-01-01T01:00:00Z');
    expect((await issueOne(house)).catalogueVersion).to.equal(version);
    house.time.set(now);
    await saveEntry(house, clerk, ENTRY);
  });

  it('keeps the licences of an entry that is retired, and takes no new ones', async () => {
    const issued = await issueOne(house);
    const retired = await retireEntry(house, clerk, ENTRY.code);
    expect(retired.state).to.equal('retired');
    expect((await retireEntry(house, clerk, ENTRY.code)).state).to.equal('retired');
    const fault = await faultOf(submitLicence(house, clerk, SUBMISSION, { source: 'api' }));
    expect(linesOf(fault)).to.include('/catalogueCode CATALOGUE_RETIRED');
    expect((await rowOf(house, issued.licenceId)).status).to.equal('valid');
    expect((await listEntries(house, {})).items.map(({ code }) => code)).to.not.include(ENTRY.code);
    expect((await faultOf(retireEntry(house, clerk, `${ISSUER}999`))).code).to.equal('NOT_FOUND');
  });
});
