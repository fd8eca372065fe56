import { expect } from 'chai';
import { findCrls, issueDevelopmentLists, revokeDevelopmentCertificate } from '../../../models/revocation/index.ts';
import { openHouseKey } from '../../../models/seal/keys.ts';
import { CRL_REASONS, isCrlOf, parseCertificate, parseCrl } from '../../../signing/index.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { callerWith, openTestHouse, type TestHouse } from '../../world/test-house.ts';
import { codeOf } from '../keys/code-of.ts';

const keeper = callerWith(['admin.security']);

eachDatabase('the development authority’s revocation lists', (open) => {
  let house: TestHouse;
  before(async function () {
    this.timeout(60_000);
    house = await openTestHouse(await open());
  });
  after(() => house.close());

  const revoke = (keyId: string, more: object = {}) =>
    revokeDevelopmentCertificate(house, keeper, { keyId, reason: 'unspecified', ...more });
  const listOf = async (name: 'issuing-sm2' | 'root-sm2') =>
    parseCrl((await issueDevelopmentLists(house)).get(name) ?? expect.fail());

  it('are there, signed by their authorities, issued once and not at every look', async () => {
    expect(await findCrls(house)).to.have.length(4);
    const issuing = await openHouseKey(house, 'issuing', 'SM2');
    const list = await listOf('issuing-sm2');
    expect(isCrlOf(list, parseCertificate(issuing.certificates[0] ?? expect.fail()))).to.equal(true);
    house.time.advance({ days: 1 });
    expect((await listOf('issuing-sm2')).thisUpdate).to.deep.equal(list.thisUpdate);
    house.time.advance({ days: 1 });
    expect((await listOf('issuing-sm2')).thisUpdate).to.deep.equal(house.time.now());
  });

  it('name what was revoked at once, each certificate once', async () => {
    const { id, certificates } = await openHouseKey(house, 'repository', 'SM2');
    const { serial } = parseCertificate(certificates[0] ?? expect.fail());
    const invalidSince = new Date('2026-02-01T00:00:00Z');
    await revoke(id, { reason: 'keyCompromise', invalidSince });
    expect((await listOf('issuing-sm2')).revoked.get(serial)).to.deep.equal({
      revokedAt: house.time.now(),
      reason: CRL_REASONS.keyCompromise,
      invalidSince,
    });
    expect((await listOf('root-sm2')).revoked.size).to.equal(0);
    expect(await codeOf(revoke(id))).to.equal('ALREADY_EXISTS');
    const acts = await house.db.rows.auditEntries.findAll({ where: { act: 'certificate.revoke' } });
    expect(acts).to.have.length(1);
  });

  it('are not for roots, strangers, other people, or production', async () => {
    const root = await openHouseKey(house, 'root', 'SM2');
    expect(await codeOf(revoke(root.id))).to.equal('STATE_CONFLICT');
    expect(await codeOf(revoke('nobody'))).to.equal('NOT_FOUND');
    const order = { keyId: root.id, reason: 'unspecified' } as const;
    expect(await codeOf(revokeDevelopmentCertificate(house, callerWith(['bureau.officer']), order))).to.equal(
      'FORBIDDEN',
    );
    const production = { ...house, mode: 'production' } as const;
    expect(await codeOf(revokeDevelopmentCertificate(production, keeper, order))).to.equal('DEVELOPMENT_ONLY');
    expect(await findCrls(production)).to.deep.equal([]);
  });
});
