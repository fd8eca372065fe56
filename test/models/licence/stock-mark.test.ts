import { expect } from 'chai';
import { attachScan } from '../../../models/import/attach-scan.ts';
import { listScans } from '../../../models/import/scans.ts';
import { submitLicence } from '../../../models/licence/submit-licence.ts';
import { closeDatabase, openDatabase as open } from '../../../models/store/database.ts';
import { migration0001 } from '../../../models/store/migrations/0001-parties-and-catalogue.ts';
import { migration0002 } from '../../../models/store/migrations/0002-licences-and-services.ts';
import { migration0015 } from '../../../models/store/migrations/0015-imports.ts';
import { migration0028 } from '../../../models/store/migrations/0028-ways-in.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { clerk, openFurnishedHouse, SUBMISSION } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf, linesOf } from '../fault-of.ts';
import { issueOne, rowOf } from './issue-one.ts';

eachDatabase('a stock licence handed in over the API', (openDatabase) => {
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });

  after(() => house.close());

  const bytes = new Uint8Array(Buffer.from('%PDF-1.7 paper'));

  it('keeps number and day of its paper, and bears the mark of its origin', async () => {
    const stock = { issuedOn: '2024-05-06', paperNumber: '粤建 0007' };
    const issued = await issueOne(house, {
      fields: { ...SUBMISSION.fields, licenceNumber: '施字第2024000007号' },
      stock,
    });
    expect(issued).to.include({
      origin: 'stock',
      paperNumber: '粤建 0007',
      issuedOn: '2024-05-06',
      validTo: '2029-05-05',
    });
    const scan = { name: '正本.pdf', bytes };
    const first = await attachScan(house, clerk, issued.licenceId, scan);
    expect(await attachScan(house, clerk, issued.licenceId, scan)).to.deep.equal(first);
    expect((await listScans(house, clerk, issued.licenceId)).map(({ name }) => name)).to.deep.equal(['正本.pdf']);
    expect(await issueOne(house)).to.include({ origin: 'new', paperNumber: null });
  });

  it('is refused without the paper’s number, of a day to come or that does not exist, or when it is over', async () => {
    const { licenceNumber: _, ...fields } = SUBMISSION.fields;
    const lines = async (issuedOn: string, number = '施字第2024000009号') =>
      linesOf(
        await faultOf(
          submitLicence(
            house,
            clerk,
            { ...SUBMISSION, fields: { ...fields, ...(number ? { licenceNumber: number } : {}) }, stock: { issuedOn } },
            { source: 'api' },
          ),
        ),
      );
    expect(await lines('2024-05-06', '')).to.deep.equal(['/fields/licenceNumber FIELD_REQUIRED']);
    expect(await lines('2026-03-03')).to.deep.equal(['/stock/issuedOn VALIDITY_NOT_ALLOWED']);
    expect(await lines('2024-02-30')).to.deep.equal(['/stock/issuedOn DATE_IMPOSSIBLE']);
    expect(await lines('2019-05-06')).to.deep.equal(['/validTo STOCK_NOT_VALID']);
  });

  it('takes scans only where it is stock, and only of what a scan can be', async () => {
    const issued = await issueOne(house);
    const refused = await faultOf(attachScan(house, clerk, issued.licenceId, { name: 'a.pdf', bytes }));
    expect(refused.code).to.equal('STATE_CONFLICT');
    expect((await rowOf(house, issued.licenceId)).stock).to.equal(null);
  });
});

eachDatabase('stock licences of the version before', (openUrl) => {
  it('are marked where a stock sheet brought them, and no others', async () => {
    const db = open(await openUrl());
    const { sequelize, dialect } = db;
    for (const { up } of [migration0001, migration0002, migration0015]) await up({ sequelize, dialect });
    const put = async (table: string, row: Readonly<Record<string, string | number>>) => {
      const names = Object.keys(row);
      const marks = names.map(() => '?').join(', ');
      await sequelize.query(`INSERT INTO ${table} (${names.join(', ')}) VALUES (${marks})`, {
        replacements: Object.values(row),
      });
    };
    const at = '2026-03-02 01:00:00.000';
    for (const [id, stock] of [
      ['S', 1],
      ['N', 0],
    ] as const) {
      await put('licences', {
        ...{ id, catalogue_code: 'C', catalogue_version: 1, issuing_body: 'I', state: 'submitted', licence_number: id },
        ...{ fields: '{}', commitment: 0, source: 'sheet', content_digest: id, sequence: 1 },
        ...{ created_at: at, created_by: 'u', updated_at: at },
      });
      await put('imports', {
        ...{ id: `I${id}`, catalogue_code: 'C', issuing_body: 'I', mode: 'apply', stock, state: 'done', file_id: 'F' },
        ...{
          file_name: 'f',
          digest: 'd',
          size_bytes: 1,
          total: 1,
          next_part: 0,
          judged: 1,
          accepted: 1,
          already_there: 0,
        },
        ...{ refused: 0, advanced_row: 0, created_at: at, created_by: 'u', creator: '{}', run_at: at },
      });
      await put('import_rows', {
        id: `I${id}:5`,
        import_id: `I${id}`,
        sheet_row: 5,
        outcome: 'accepted',
        licence_id: id,
        fingerprint: 'f',
      });
    }
    await migration0028.up({ sequelize, dialect });
    const [rows] = await sequelize.query('SELECT id, stock FROM licences ORDER BY id');
    expect(rows).to.deep.equal([
      { id: 'N', stock: null },
      { id: 'S', stock: '{"paperNumber":null}' },
    ]);
    await closeDatabase(db);
  });
});
