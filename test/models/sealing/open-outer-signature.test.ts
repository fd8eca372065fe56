import { expect } from 'chai';
import type { House } from '../../../models/house.ts';
import { findDueLists, keepList } from '../../../models/revocation/keep-list.ts';
import { revokeDevelopmentCertificate } from '../../../models/revocation/revoke-certificate.ts';
import { importKey } from '../../../models/seal/key-import.ts';
import { openHouseKey } from '../../../models/seal/keys.ts';
import { openOuterSignature } from '../../../models/sealing/open-outer-signature.ts';
import { encryptKey, issueCrl, makeDevelopmentAuthority, parseCrl } from '../../../signing/index.ts';
import { giveSeal } from '../../world/give-seal.ts';
import { ISSUER, openFurnishedHouse } from '../../world/sample-entry.ts';
import { callerWith, type TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';

const security = callerWith(['admin.security']);
const YEAR_MS = 365 * 86_400_000;

describe('what the repository signs sealed packages with', () => {
  let house: TestHouse;
  let sealId: string;
  let eseal: Uint8Array;

  beforeEach(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse();
    const seal = await house.db.rows.seals.findOne({ where: { organisationCode: ISSUER } });
    sealId = seal?.id ?? '';
    eseal = new Uint8Array(seal?.eseal ?? []);
  });
  afterEach(() => house.close());

  const open = (where: House = house) => openOuterSignature(where, sealId, eseal);
  const listOf = async (name: string) => {
    const { outer } = await open();
    const lists = outer.crls.map(parseCrl).filter(({ issuerDer }) => Buffer.from(issuerDer).includes(name));
    expect(lists).to.have.length(1);
    return lists[0] ?? expect.fail();
  };

  it('is its SM2 key; without one nothing is sealed', async () => {
    const { keyId, outer } = await open();
    expect(keyId).to.equal((await openHouseKey(house, 'repository', 'SM2')).id);
    expect(outer.certificates.length).to.be.greaterThan(1);
    await house.db.rows.keys.update({ state: 'disabled' }, { where: { purpose: 'repository', algorithm: 'SM2' } });
    house.time.advance({ minutes: 1 });
    expect((await faultOf(open())).code).to.equal('REPOSITORY_KEY_MISSING');
  });

  it('is, in production, an imported key, whose chain must reach a root that the operator trusts', async () => {
    let serial = 500n;
    const newSerial = () => {
      serial += 1n;
      return serial;
    };
    const { sm2 } = await makeDevelopmentAuthority({ now: house.clock(), newSerial });
    // any member that may sign will do
    const { pkcs8, certificate } = sm2.sealMaker;
    const random = { salt: Buffer.alloc(16, 7), iv: Buffer.alloc(16, 9), iterations: 1000 };
    const { keyId } = await importKey(house, security, {
      ...{ purpose: 'repository', organisationCode: null, maxUses: null, notAfterUse: null },
      ...{ file: Buffer.from(encryptKey(pkcs8, 'file secret', random)), passphrase: 'file secret' },
      certificates: [certificate],
    });
    const production: House = { ...house, mode: 'production' };
    const fault = await faultOf(open(production));
    expect(fault).to.include({ code: 'CHAIN_INCOMPLETE', detail: 'repository SM2' });
    const trustCertificates = [sm2.root.certificate, sm2.issuing.certificate];
    const opened = await open({ ...production, trustCertificates });
    expect(opened.keyId).to.equal(keyId);
    const kept = opened.outer.certificates.map((der) => Buffer.from(der).toString('hex'));
    expect(kept).to.include(Buffer.from(sm2.root.certificate).toString('hex'));
  });

  it('brings along the newest list of every issuer, however many are at hand', async () => {
    const own = await listOf('签发机构');
    const issuing = await openHouseKey(house, 'issuing', 'SM2');
    const rows = await findDueLists(
      house,
      ['newer', 'older'].map((name) => `http://crl.example/${name}.crl`),
    );
    house.time.advance({ hours: 2 });
    for (const { id, url } of rows) {
      const minutes = url.includes('newer') ? 60 : -60;
      const thisUpdate = new Date(own.thisUpdate.getTime() + minutes * 60_000);
      const nextUpdate = new Date(thisUpdate.getTime() + YEAR_MS);
      const der = await issueCrl({
        ...{ issuer: issuing.certificates[0] ?? new Uint8Array(), signer: issuing.key, number: BigInt(minutes + 100) },
        ...{ thisUpdate, nextUpdate, revoked: [] },
      });
      await keepList(house, id, { der, issuer: 'issuing', thisUpdate, nextUpdate }, house.clock());
    }
    expect((await listOf('签发机构')).thisUpdate.getTime() - own.thisUpdate.getTime()).to.equal(60 * 60_000);
  });

  it('takes a list that has changed a minute later', async () => {
    expect((await listOf('签发机构')).revoked.size).to.equal(0);
    const other = await giveSeal(house, ISSUER, '样例局另一章');
    const row = await house.db.rows.seals.findByPk(other.sealId);
    await revokeDevelopmentCertificate(house, security, { keyId: row?.sm2KeyId ?? '', reason: 'superseded' });
    house.time.advance({ seconds: 59 });
    expect((await listOf('签发机构')).revoked.size).to.equal(0);
    house.time.advance({ seconds: 1 });
    expect((await listOf('签发机构')).revoked.size).to.equal(1);
  });
});
