import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import { Op } from 'sequelize';
import type { LicenceColumns } from '../../../models/licence/rows.ts';
import { closeDatabase, type Database, openDatabase } from '../../../models/store/database.ts';
import { migrate } from '../../../models/store/migrate.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';

const AT = new Date('2026-03-02T01:02:03.456Z');

const LICENCE: LicenceColumns = {
  id: 'L1',
  catalogueCode: 'C',
  catalogueVersion: 3,
  issuingBody: 'I',
  state: 'issued',
  status: 'valid',
  licenceNumber: '施字第2026000001号',
  numberKey: 'C:1',
  identifier: 'X',
  verificationCode: 'V',
  fields: { 名称: '𠮷野家', quote: `'";\\%_\n\t{}`, 'a.b': '' },
  validFrom: '2026-03-02',
  validTo: null,
  issuedOn: '2028-02-29',
  closedAt: AT,
  caseNumber: null,
  commitment: true,
  source: 'api',
  sourceKey: null,
  stock: { paperNumber: 'Z-1' },
  contentDigest: 'd',
  sequence: 9_007_199_254_740_991,
  turnsOn: '2028-03-01',
  predecessorId: null,
  formerId: null,
  successionAct: 'renew',
  successionBasis: null,
  successionReason: null,
  createdAt: AT,
  createdBy: 'u',
  updatedAt: new Date(0),
};

eachDatabase('columns', (openUrl) => {
  let db: Database;

  before(async () => {
    db = openDatabase(await openUrl());
    await migrate(db);
  });

  after(() => closeDatabase(db));

  it('give back text, structures, dates, instants, booleans and numbers as they were', async () => {
    await db.rows.licences.create(LICENCE);
    expect((await db.rows.licences.findByPk('L1'))?.get()).to.deep.equal(LICENCE);
    await db.rows.licences.update({ commitment: false, fields: {}, closedAt: null }, { where: { id: 'L1' } });
    const changed = await db.rows.licences.findByPk('L1');
    expect(changed?.get()).to.deep.equal({ ...LICENCE, commitment: false, fields: {}, closedAt: null });
    await changed?.update({ fields: { a: '1' }, commitment: true });
    await changed?.reload();
    expect(changed?.get()).to.deep.equal({ ...LICENCE, closedAt: null, fields: { a: '1' } });
  });

  it('find rows by the value of an instant, a boolean and a date', async () => {
    const { licences } = db.rows;
    await licences.create({ ...LICENCE, id: 'L2', numberKey: 'C:2', identifier: 'X2', verificationCode: 'V2' });
    const findIds = async (where: object) => (await licences.findAll({ where: { id: 'L2', ...where } })).length;
    expect(await findIds({ createdAt: AT })).to.equal(1);
    expect(await findIds({ createdAt: { [Op.lt]: AT } })).to.equal(0);
    expect(await findIds({ createdAt: { [Op.lt]: new Date(AT.getTime() + 1) } })).to.equal(1);
    expect(await findIds({ commitment: true })).to.equal(1);
    expect(await findIds({ commitment: false })).to.equal(0);
    expect(await findIds({ issuedOn: '2028-02-29' })).to.equal(1);
    expect(await findIds({ issuedOn: { [Op.gt]: '2028-02-28' } })).to.equal(1);
  });

  it('give back every byte of a blob', async () => {
    const eseal = Buffer.concat([Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)), randomBytes(200_000)]);
    const common = { organisationCode: 'I', name: 'n', sm2KeyId: 'a', rsaKeyId: 'b', state: 'active' as const };
    const times = { validFrom: AT, validTo: AT, createdAt: AT };
    await db.rows.seals.create({ id: 's', ...common, ...times, eseal, picture: Buffer.from([0]) });
    const row = await db.rows.seals.findByPk('s');
    expect(row?.eseal && Buffer.from(row.eseal).equals(eseal)).to.equal(true);
    expect([...(row?.picture ?? [])]).to.deep.equal([0]);
  });

  it('take a and A for different keys, and keep a character of four bytes', async () => {
    const { previews } = db.rows;
    for (const id of ['a', 'A', 'ä', 'ａ', '𠮷', '吉']) await previews.create({ id, digest: id });
    expect((await previews.findByPk('A'))?.digest).to.equal('A');
    expect((await previews.findByPk('𠮷'))?.digest).to.equal('𠮷');
    expect(await previews.count()).to.equal(6);
    expect(await previews.count({ where: { digest: 'a' } })).to.equal(1);
  });

  it('hold what looks like SQL as text', async () => {
    const name = `'); DROP TABLE licence_previews; -- \\' " \` $1 :name ?`;
    await db.rows.previews.create({ id: name, digest: name });
    expect(await db.rows.previews.findOne({ where: { digest: name } })).to.include({ id: name });
    await db.rows.previews.update({ digest: 'x' }, { where: { id: name } });
    expect((await db.rows.previews.findByPk(name))?.digest).to.equal('x');
  });

  it('are locked and read within a transaction without others seeing what is not committed', async () => {
    await withTransaction(db, async (transaction) => {
      await db.rows.previews.create({ id: 'unseen', digest: 'd' }, { transaction });
      expect(await db.rows.previews.findByPk('unseen', { transaction })).to.not.equal(null);
      expect(await db.rows.previews.findByPk('unseen')).to.equal(null);
    });
    expect(await db.rows.previews.findByPk('unseen')).to.not.equal(null);
  });
});
