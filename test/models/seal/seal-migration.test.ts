import { expect } from 'chai';
import { sm3Hex } from '../../../models/kernel/digest.ts';
import { closeDatabase, type Database } from '../../../models/store/database.ts';
import { migrate, pendingMigrations } from '../../../models/store/migrate.ts';
import { migration0001 } from '../../../models/store/migrations/0001-parties-and-catalogue.ts';
import { migration0002 } from '../../../models/store/migrations/0002-licences-and-services.ts';
import { migration0003 } from '../../../models/store/migrations/0003-log-and-exchange.ts';
import { migration0004 } from '../../../models/store/migrations/0004-lease-owners.ts';
import { migration0005 } from '../../../models/store/migrations/0005-personal-credentials.ts';
import { migration0006 } from '../../../models/store/migrations/0006-audit-subjects.ts';
import { migration0007 } from '../../../models/store/migrations/0007-cases-seals-and-uses.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { openEarlierDatabase } from '../../world/earlier-database.ts';

const BEFORE = [
  ...[migration0001, migration0002, migration0003, migration0004],
  ...[migration0005, migration0006, migration0007],
];
const AT = '2026-02-01 03:04:05.678';
const ESEAL = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const PICTURE = Buffer.from([0x89, 0x50, 0, 255]);
const CERTIFICATE = Buffer.from('the maker’s certificate').toString('base64');

/** A database as the version before left it. */
async function openPrevious(url: string): Promise<Database> {
  const { db, run } = await openEarlierDatabase(url, BEFORE);
  const key = `INSERT INTO signing_keys (id, algorithm, purpose, organisation_code, encrypted_pkcs8, certificates, created_at)
    VALUES (?, ?, ?, ?, 'x', ?, ?)`;
  await run(key, ['maker', 'SM2', 'seal-maker', null, JSON.stringify([CERTIFICATE, 'above']), AT]);
  await run(key, ['k1', 'SM2', 'signer', 'I', JSON.stringify(['c1', 'above']), AT]);
  await run(key, ['k2', 'RSA', 'signer', 'I', JSON.stringify(['c2', 'above']), AT]);
  const seal = `INSERT INTO seals (id, organisation_code, name, eseal, picture, sm2_key_id, rsa_key_id, state, valid_from,
    valid_to, created_at) VALUES (?, 'I', '样例局专用章', ?, ?, 'k1', 'k2', ?, ?, ?, ?)`;
  await run(seal, ['S1', ESEAL, PICTURE, 'active', AT, '2031-02-01 03:04:05.678', AT]);
  await run(seal, ['S2', ESEAL, PICTURE, 'frozen', AT, '2031-02-01 03:04:05.678', AT]);
  return db;
}

eachDatabase('seals of the version before', (openUrl) => {
  let db: Database;

  before(async function () {
    this.timeout(60_000);
    db = await openPrevious(await openUrl());
    expect((await pendingMigrations(db))[0]).to.equal('0008-seal-life');
    await migrate(db);
  });

  after(() => closeDatabase(db));

  it('become unit seals of the same state, with every byte and instant as it was', async () => {
    const at = new Date('2026-02-01T03:04:05.678Z');
    const row = (await db.rows.seals.findByPk('S1'))?.get();
    expect(row).to.include({
      kind: 'unit',
      state: 'active',
      origin: 'development',
      sesVersion: 4,
      name: '样例局专用章',
    });
    expect(row).to.include({ sm2KeyId: 'k1', rsaKeyId: 'k2', service: null, renews: null, appliedBy: null });
    expect(row?.certificates).to.deep.equal(['c1', 'c2']);
    expect([row?.validFrom, row?.createdAt]).to.deep.equal([at, at]);
    expect(row?.eseal && ESEAL.equals(row.eseal)).to.equal(true);
    expect(row?.picture && PICTURE.equals(row.picture)).to.equal(true);
    expect((await db.rows.seals.findByPk('S2'))?.state).to.equal('frozen');
  });

  it('have a record of how they came here', async () => {
    const changes = await db.rows.sealChanges.findAll({ order: [['sealId', 'ASC']] });
    expect(changes.map(({ sealId, act, fromState, toState }) => [sealId, act, fromState, toState])).to.deep.equal([
      ['S1', 'migrate', null, 'active'],
      ['S2', 'migrate', null, 'frozen'],
    ]);
    expect(changes[0]?.createdAt).to.deep.equal(new Date('2026-02-01T03:04:05.678Z'));
  });

  it('keep their maker on the list of those accepted', async () => {
    const makers = await db.rows.sealMakers.findAll();
    expect(makers.map(({ id, state, digest }) => ({ id, state, digest }))).to.deep.equal([
      { id: 'maker', state: 'accepted', digest: sm3Hex(Buffer.from(CERTIFICATE, 'base64')) },
    ]);
    expect(makers[0]?.acceptedFrom).to.deep.equal(new Date('2026-02-01T03:04:05.678Z'));
  });

  it('leave room for a seal that is only applied for', async () => {
    const bare = { eseal: null, picture: null, sm2KeyId: null, rsaKeyId: null, validFrom: null, validTo: null };
    const row = { id: 'S3', organisationCode: 'I', kind: 'unit' as const, name: '章', state: 'applied' as const };
    await db.rows.seals.create({ ...row, ...bare, createdAt: new Date(0) });
    expect((await db.rows.seals.findByPk('S3'))?.get()).to.include({ ...row, ...bare, certificates: null });
  });
});
