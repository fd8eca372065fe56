import { join } from 'node:path';
import { expect } from 'chai';
import { getEntryVersion } from '../../../models/catalogue/find-entry.ts';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import type { Caller, House } from '../../../models/house.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { foundDevelopmentAuthority } from '../../../models/seal/found-development-authority.ts';
import { openHouseKey, openKey, storeKey } from '../../../models/seal/keys.ts';
import { makeSeal } from '../../../models/seal/make-seal.ts';
import { openSeal, openSealKey } from '../../../models/seal/open-seal.ts';
import { acceptedSealMakers } from '../../../models/seal/seal-makers.ts';
import { closeDatabase, openDatabase } from '../../../models/store/database.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { fromPemOrDer, verifySm2 } from '../../../signing/index.ts';
import { generateSoftwareKey } from '../../../signing/keys/software-key.ts';
import { giveApproval, giveSeal } from '../../world/give-seal.ts';
import {
  bureauOfficer,
  clerk,
  ENTRY,
  ISSUER,
  OTHER_ISSUER,
  openFurnishedHouse,
  otherClerk,
  sealKeeper,
} from '../../world/sample-entry.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { reviewOne } from '../licence/issue-one.ts';

const bySystem: Caller = {
  ...{ type: 'house', id: 'auto', name: 'auto', organisationCode: ISSUER, roles: [], address: null, requestId: 'auto' },
};

describe('keys and seals', () => {
  const folder = temporaryFolder();
  const url = `sqlite:${join(folder.path, 'seals.db')}`;
  let house: TestHouse;

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(url);
  });

  after(async () => {
    await house.close();
    folder.remove();
  });

  it('are stored encrypted: no private key lies in clear', async () => {
    const rows = await house.db.rows.keys.findAll();
    expect(rows).to.have.length(9);
    for (const row of rows) expect(row.encryptedPkcs8).to.match(/^-----BEGIN ENCRYPTED PRIVATE KEY-----/);
  });

  it('open with the passphrase and sign what their certificate verifies', async () => {
    const { key } = await openHouseKey(house, 'repository', 'SM2');
    const message = Buffer.from('证照');
    const signature = await key.sign(message);
    expect(verifySm2(key.publicKey, message, signature)).to.equal(true);
    expect(verifySm2(key.publicKey, Buffer.from('证昭'), signature)).to.equal(false);
  });

  it('do not open with a wrong passphrase', async () => {
    const db = openDatabase(url);
    const stranger: House = { ...house, db, keyPassphrase: 'a passphrase of somebody else' };
    const [row] = await db.rows.keys.findAll();
    const error = await openKey(stranger, row?.id ?? '').catch((caught: unknown) => caught);
    expect(error).to.be.an('error').with.property('code', 'KEY_PASSPHRASE_WRONG');
    await closeDatabase(db);
  });

  it('are stored so that a passphrase is slow to guess', async () => {
    const { keyRounds: _, ...usual } = house;
    const key = { algorithm: 'SM2', purpose: 'signer', organisationCode: ISSUER, certificates: [] } as const;
    const id = await withTransaction(house.db, (tx) =>
      storeKey(usual, tx, { ...key, pkcs8: generateSoftwareKey('SM2') }),
    );
    const row = await house.db.rows.keys.findByPk(id, { rejectOnEmpty: true });
    const [der] = fromPemOrDer(Buffer.from(row.encryptedPkcs8), 'ENCRYPTED PRIVATE KEY');
    // INTEGER 210000, after the salt
    expect(Buffer.from(der ?? []).toString('hex')).to.include('0203033450');
    await row.destroy();
  });

  it('are founded once', async () => {
    expect(await foundDevelopmentAuthority(house)).to.equal(false);
    expect(await house.db.rows.keys.count({ where: { purpose: 'root' } })).to.equal(2);
  });

  it('that are not there are missed by name', async () => {
    expect((await faultOf(openKey(house, 'none'))).code).to.equal('SEAL_MISSING');
  });

  it('are not made by the development maker in production', async () => {
    const sealId = await giveApproval(house, ISSUER, '专用章');
    const production: House = { ...house, mode: 'production' };
    expect((await faultOf(makeSeal(production, bureauOfficer, sealId))).code).to.equal('DEVELOPMENT_ONLY');
  });

  it('that the development maker made seal nothing in production, nor is it or its repository key believed there', async () => {
    const production: House = { ...house, mode: 'production' };
    const entryOf = await getEntryVersion(house, ENTRY.code, 1);
    expect(await acceptedSealMakers(house)).to.have.length(1);
    expect(await acceptedSealMakers(production)).to.deep.equal([]);
    expect((await faultOf(openHouseKey(production, 'repository', 'RSA'))).code).to.equal('SEAL_MISSING');
    expect((await faultOf(openSeal(production, sealKeeper, ISSUER, entryOf))).code).to.equal('DEVELOPMENT_ONLY');
    expect((await faultOf(openSealKey(production, sealKeeper, ISSUER, 'rule'))).code).to.equal('DEVELOPMENT_ONLY');
    const reviewed = await reviewOne(house);
    expect((await faultOf(sealLicence(production, sealKeeper, reviewed))).code).to.equal('DEVELOPMENT_ONLY');
    expect(await house.db.rows.intents.count({ where: { licenceId: reviewed } })).to.equal(0);
    const where = { organisationCode: ISSUER, state: 'active' as const };
    await house.db.rows.seals.update({ origin: 'registered' }, { where });
    expect((await openSeal(production, sealKeeper, ISSUER, entryOf)).material.name).to.equal(ENTRY.seal.name);
    await house.db.rows.seals.update({ origin: 'development' }, { where });
  });

  it('are made by the bureau, for bodies that are active', async () => {
    const sealId = await giveApproval(house, ISSUER, '专用章');
    expect((await faultOf(makeSeal(house, clerk, sealId))).code).to.equal('FORBIDDEN');
    await house.db.rows.organisations.update({ state: 'suspended' }, { where: { code: ISSUER } });
    expect((await faultOf(makeSeal(house, bureauOfficer, sealId))).code).to.equal('ORGANISATION_NOT_ACTIVE');
    expect((await faultOf(giveSeal(house, ISSUER, '专用章'))).code).to.equal('ORGANISATION_NOT_ACTIVE');
    await house.db.rows.organisations.update({ state: 'active' }, { where: { code: ISSUER } });
  });

  const entry = () => getEntryVersion(house, ENTRY.code, 1);

  it('are used by the body whose they are, by no other', async () => {
    expect((await openSeal(house, sealKeeper, ISSUER, await entry())).material.name).to.equal(ENTRY.seal.name);
    expect((await faultOf(openSeal(house, otherClerk, ISSUER, await entry()))).code).to.equal('SEAL_NOT_ALLOWED');
    expect((await faultOf(sealLicence(house, otherClerk, await reviewOne(house)))).code).to.equal('NOT_FOUND');
  });

  it('are used by the repository only where the entry lets it', async () => {
    const allowed = await entry();
    expect((await openSeal(house, bySystem, ISSUER, allowed)).material.name).to.equal(ENTRY.seal.name);
    const forbidden = { ...allowed, definition: { ...allowed.definition, delegation: false } };
    expect((await faultOf(openSeal(house, bySystem, ISSUER, forbidden))).code).to.equal('DELEGATION_NOT_ALLOWED');
  });

  it('cannot be used where a body has none, before its first and after its last day, and when frozen', async () => {
    const code = async () => (await faultOf(openSeal(house, sealKeeper, ISSUER, await entry()))).code;
    expect((await faultOf(openSeal(house, otherClerk, OTHER_ISSUER, await entry()))).code).to.equal('SEAL_MISSING');
    house.time.set('2026-03-01T00:00:00Z');
    expect(await code()).to.equal('SEAL_EXPIRED');
    house.time.set('2031-03-03T00:00:00Z');
    expect(await code()).to.equal('SEAL_EXPIRED');
    house.time.set('2026-03-02T01:00:00Z');
    await house.db.rows.seals.update({ state: 'frozen' }, { where: { organisationCode: ISSUER, state: 'active' } });
    expect(await code()).to.equal('SEAL_FROZEN');
    await house.db.rows.seals.update({ state: 'active' }, { where: { organisationCode: ISSUER, state: 'frozen' } });
  });

  it('newly made are used from then on', async function () {
    this.timeout(30_000);
    const { name } = await giveSeal(house, ISSUER, '专用章');
    expect((await openSeal(house, sealKeeper, ISSUER, await entry())).material.name).to.equal(name);
  });

  it('refuse an automatic issue of an entry that does not delegate, and nothing is intended', async () => {
    await saveEntry(house, clerk, { ...ENTRY, delegation: false });
    const licenceId = await reviewOne(house);
    expect((await faultOf(sealLicence(house, bySystem, licenceId))).code).to.equal('DELEGATION_NOT_ALLOWED');
    expect(await house.db.rows.intents.count({ where: { licenceId } })).to.equal(0);
  });
});
