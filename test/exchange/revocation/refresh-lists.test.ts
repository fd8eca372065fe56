import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { refreshRevocationLists } from '../../../exchange/index.ts';
import type { House } from '../../../models/house.ts';
import { describeLists, findCrls } from '../../../models/revocation/index.ts';
import { issueCertificate, issueCrl, parseCrl, toPem } from '../../../signing/index.ts';
import { makeMember } from '../../signing/x509/certificates.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { openTestHouse, type TestHouse } from '../../world/test-house.ts';

const HOUR_MS = 3_600_000;

eachDatabase('revocation lists of authorities', (open) => {
  let base: TestHouse;
  let house: House;
  let server: Server;
  let url = '';
  let authority: Awaited<ReturnType<typeof makeMember>>;
  let served: Uint8Array | undefined;
  let asked = 0;

  before(async function () {
    this.timeout(60_000);
    base = await openTestHouse(await open());
    server = createServer((_request, response) => {
      asked += 1;
      if (served) response.end(served);
      else response.writeHead(503).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/authority.crl`;
    authority = await makeMember('SM2', 'root', '某机构');
    const leaf = await makeMember('SM2', 'signer', '某局');
    const trusted = await issueCertificate({
      ...{ subject: { commonName: '某局' }, issuer: authority.certificate, publicKey: leaf.key.publicKey },
      ...{ signer: authority.key, serial: 5n, profile: 'signer', crlUrl: url },
      notBefore: new Date('2026-01-01T00:00:00Z'),
      notAfter: new Date('2030-01-01T00:00:00Z'),
    });
    house = { ...base, mode: 'production', trustCertificates: [authority.certificate, trusted] };
  });
  after(async () => {
    await base.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const list = (hoursBefore: number, hoursAfter: number, signer = authority) =>
    issueCrl({
      issuer: signer.certificate,
      signer: signer.key,
      number: 1n,
      thisUpdate: new Date(base.time.now().getTime() - hoursBefore * HOUR_MS),
      nextUpdate: new Date(base.time.now().getTime() + hoursAfter * HOUR_MS),
      revoked: [],
    });
  const refresh = (urls: string[] = []) =>
    refreshRevocationLists(house, { urls, insideHosts: ['127.0.0.1'], timeoutMs: 5_000 });
  const only = async () => (await describeLists(house))[0] ?? expect.fail();

  it('are fetched from where certificates say, verified, and found', async () => {
    served = await list(1, 24);
    expect(await refresh()).to.deep.equal({ fetched: 1, failed: 0 });
    const [found] = await findCrls(house);
    expect(Buffer.from(found ?? [])).to.deep.equal(Buffer.from(served));
    expect(await only()).to.deep.include({ url, ageSeconds: 3600, stale: false, failures: 0, lastError: null });
    expect((await only()).issuer).to.contain('CN=某机构');
  });

  it('are asked for again half way to their end, not before', async () => {
    asked = 0;
    base.time.advance({ hours: 11 });
    await refresh();
    expect(asked).to.equal(0);
    base.time.advance({ hours: 2 });
    served = await list(0, 24);
    expect(await refresh()).to.deep.equal({ fetched: 1, failed: 0 });
    expect(asked).to.equal(1);
    expect(parseCrl((await findCrls(house))[0] ?? new Uint8Array()).thisUpdate).to.deep.equal(base.time.now());
  });

  it('are kept while no newer one can be had, and asked for ever more seldom', async () => {
    const kept = await findCrls(house);
    served = undefined;
    base.time.advance({ hours: 13 });
    expect(await refresh()).to.deep.equal({ fetched: 0, failed: 1 });
    expect(await only()).to.deep.include({ failures: 1, lastError: 'HTTP_STATUS' });
    asked = 0;
    for (let minute = 0; minute < 60; minute += 1) {
      base.time.advance({ minutes: 1 });
      await refresh();
    }
    // after 5, 10 and 20 minutes; the next try would come after 40 more
    expect(asked).to.equal(3);
    expect(await findCrls(house)).to.deep.equal(kept);
    base.time.advance({ hours: 24 });
    expect((await only()).stale).to.equal(true);
  });

  it('do not take the place of a list when they are forged, older, of the future, of others, or no lists', async () => {
    const kept = await findCrls(house);
    const impostor = await makeMember('SM2', 'root', '某机构');
    const stranger = await makeMember('SM2', 'root', '别的机构');
    const forge = async () => {
      const forged = Uint8Array.from(await list(0, 24));
      forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
      return forged;
    };
    const wrong: readonly (readonly [string, () => Uint8Array | Promise<Uint8Array>])[] = [
      ['SIGNATURE_WRONG', forge],
      ['SIGNATURE_WRONG', () => list(0, 24, impostor)],
      ['ISSUER_UNKNOWN', () => list(0, 24, stranger)],
      ['OLDER', () => list(24 * 30, 24)],
      ['FROM_FUTURE', () => list(-1, 24)],
      ['MALFORMED', () => Buffer.from('<html>')],
      ['MALFORMED', () => authority.certificate],
    ];
    for (const [code, make] of wrong) {
      base.time.advance({ hours: 7 });
      served = await make();
      expect(await refresh(), code).to.deep.equal({ fetched: 0, failed: 1 });
      expect((await only()).lastError).to.equal(code);
    }
    expect(await findCrls(house)).to.deep.equal(kept);
  });

  it('are taken in PEM too, and when they have run out already, which is said', async () => {
    base.time.advance({ hours: 7 });
    const old = await list(3, -1);
    served = Buffer.from(toPem('X509 CRL', old));
    expect(await refresh()).to.deep.equal({ fetched: 0, failed: 1 });
    expect(await only()).to.deep.include({ lastError: 'STALE', stale: true });
    expect(Buffer.from((await findCrls(house))[0] ?? [])).to.deep.equal(Buffer.from(old));
  });

  it('recover', async () => {
    base.time.advance({ hours: 7 });
    served = await list(0, 24);
    expect(await refresh()).to.deep.equal({ fetched: 1, failed: 0 });
    expect(await only()).to.deep.include({ failures: 0, lastError: null, stale: false });
  });

  it('are fetched from configured places beside, and from no place inside that nobody named', async () => {
    asked = 0;
    const more = [`${url}?more`, 'ldap://crl.example/x', 'nonsense'];
    const refused = await refreshRevocationLists(house, { urls: more, insideHosts: [], timeoutMs: 5_000 });
    expect(refused).to.deep.equal({ fetched: 0, failed: 1 });
    expect(asked).to.equal(0);
    base.time.advance({ hours: 1 });
    expect(await refresh(more)).to.deep.equal({ fetched: 1, failed: 0 });
    expect((await describeLists(house)).map((one) => one.url)).to.have.members([url, `${url}?more`]);
  });
});
