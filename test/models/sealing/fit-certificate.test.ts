import { expect } from 'chai';
import { getEntryVersion } from '../../../models/catalogue/find-entry.ts';
import { sealLicence } from '../../../models/licence/seal-licence.ts';
import { revokeDevelopmentCertificate } from '../../../models/revocation/revoke-certificate.ts';
import { openHouseKey } from '../../../models/seal/keys.ts';
import { openSeal, openSealKey } from '../../../models/seal/open-seal.ts';
import { openOuterSignature } from '../../../models/sealing/open-outer-signature.ts';
import { requireFitCertificate } from '../../../models/sealing/require-fit-certificate.ts';
import { ENTRY, ISSUER, openFurnishedHouse, sealKeeper } from '../../world/sample-entry.ts';
import { callerWith, type TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { reviewOne } from '../licence/issue-one.ts';

const security = callerWith(['admin.security']);

describe('a certificate that has ended or is revoked', function () {
  this.timeout(60_000);
  let house: TestHouse;

  beforeEach(async () => {
    house = await openFurnishedHouse();
  });
  afterEach(() => house.close());

  const seal = async () =>
    (await house.db.rows.seals.findOne({ where: { organisationCode: ISSUER } })) ?? expect.fail();
  const open = async () => openSeal(house, sealKeeper, ISSUER, await getEntryVersion(house, ENTRY.code, 1));
  const openOuter = async () => {
    const { id, eseal } = await seal();
    return openOuterSignature(house, id, new Uint8Array(eseal ?? []));
  };
  const revoke = (keyId: string | null) =>
    revokeDevelopmentCertificate(house, security, { keyId: keyId ?? '', reason: 'keyCompromise' });

  it('of the seal’s SM2 key seals nothing: no intent, no use of a key', async () => {
    const licenceId = await reviewOne(house);
    await open();
    await revoke((await seal()).sm2KeyId);
    house.time.advance({ minutes: 1 });
    expect(await faultOf(open())).to.include({ code: 'CERTIFICATE_REVOKED', detail: 'SM2' });
    expect((await faultOf(openSealKey(house, sealKeeper, ISSUER, 'rule'))).code).to.equal('CERTIFICATE_REVOKED');
    expect((await faultOf(sealLicence(house, sealKeeper, licenceId))).code).to.equal('CERTIFICATE_REVOKED');
    expect(await house.db.rows.intents.count()).to.equal(0);
    expect((await house.db.rows.keys.findAll()).map(({ uses }) => uses)).to.not.include(1);
  });

  it('of the RSA key beside it seals nothing either', async () => {
    await revoke((await seal()).rsaKeyId);
    expect(await faultOf(open())).to.include({ code: 'CERTIFICATE_REVOKED', detail: 'RSA' });
  });

  it('of a signer behind a seal service is refused as that of a key here', async () => {
    const { id, sm2KeyId } = await seal();
    await house.db.rows.seals.update({ service: 'theirs', esId: 'x', sm2KeyId: null }, { where: { id } });
    expect((await open()).material.sm2.kind).to.equal('service');
    await revoke(sm2KeyId);
    house.time.advance({ minutes: 1 });
    expect(await faultOf(open())).to.include({ code: 'CERTIFICATE_REVOKED', detail: 'SM2' });
  });

  it('of an authority above it counts as its own', async () => {
    const issuing = await openHouseKey(house, 'issuing', 'SM2');
    await revoke(issuing.id);
    expect(await faultOf(open())).to.include({ code: 'CERTIFICATE_REVOKED', detail: 'SM2' });
  });

  it('of the repository stops sealing', async () => {
    await openOuter();
    await revoke((await openHouseKey(house, 'repository', 'SM2')).id);
    house.time.advance({ minutes: 1 });
    expect(await faultOf(openOuter())).to.include({ code: 'CERTIFICATE_REVOKED', detail: 'repository SM2' });
  });

  it('is refused from its last second on, without waiting for anything that is remembered', async () => {
    const { id, rsaKeyId } = await seal();
    await house.db.rows.seals.update({ validTo: new Date('2050-01-01T00:00:00Z') }, { where: { id } });
    await house.db.rows.keys.update({ notAfterUse: null }, { where: { id: rsaKeyId ?? '' } });
    house.time.set('2031-02-28T00:00:00Z');
    await open();
    house.time.set('2031-03-05T00:00:00Z');
    expect(await faultOf(open())).to.include({ code: 'CERTIFICATE_EXPIRED', detail: 'RSA' });
    house.time.set('2026-03-01T00:00:00Z');
    expect((await faultOf(openOuter())).code).to.equal('CERTIFICATE_EXPIRED');
    const { certificates } = await openHouseKey(house, 'repository', 'RSA');
    house.time.set('2026-03-03T00:00:00Z');
    await requireFitCertificate(house, 'repository RSA', certificates);
    house.time.set('2040-01-01T00:00:00Z');
    const fault = await faultOf(requireFitCertificate(house, 'repository RSA', certificates));
    expect(fault).to.include({ code: 'CERTIFICATE_EXPIRED', detail: 'repository RSA' });
  });
});
