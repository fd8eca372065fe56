import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { listServiceKeys } from '../../../exchange/index.ts';
import { revokeMember } from '../../../server/sandbox/trust/revocations.ts';
import { CRL_REASONS, isCrlOf, parseCertificate, parseCrl, toPem } from '../../../signing/index.ts';
import { PROGRAM } from '../../world/program.ts';
import { openTrustWorld, type TrustWorld } from './trust-world.ts';

describe('the sandbox’s revocation lists', () => {
  let world: TrustWorld;
  before(async () => {
    world = await openTrustWorld();
  });
  after(() => world.close());

  const fetchList = async (name: string) => {
    const response = await fetch(`${world.trust.urls.crls}/${name}.crl`);
    expect(response.headers.get('content-type')).to.equal('application/pkix-crl');
    return parseCrl(new Uint8Array(await response.arrayBuffer()));
  };

  it('are there for each authority, signed by it, and empty at first', async () => {
    const { sm2, rsa } = world.trust.services.authority;
    for (const [name, issuer] of Object.entries({
      'root-sm2': sm2.root,
      'issuing-sm2': sm2.issuing,
      'root-rsa': rsa.root,
      'issuing-rsa': rsa.issuing,
    })) {
      const list = await fetchList(name);
      expect(isCrlOf(list, parseCertificate(issuer.certificate)), name).to.equal(true);
      expect(list.revoked.size).to.equal(0);
    }
    for (const other of ['nobody', '..%2Fauthority', 'root-sm2.crl.crl'])
      expect((await fetch(`${world.trust.urls.crls}/${other}.crl`)).status, other).to.equal(404);
  });

  it('name a certificate from the moment it is revoked, with its reason, once', async () => {
    const [key] = await listServiceKeys(world.line);
    const certificate = key?.certificates[0] ?? expect.fail();
    const invalidSince = new Date('2026-02-01T00:00:00Z');
    const order = { certificate, reason: 'keyCompromise', invalidSince } as const;
    expect(revokeMember(world.trust.services, order)).to.equal(true);
    expect(revokeMember(world.trust.services, order)).to.equal(false);
    const { serial } = parseCertificate(certificate);
    const name = key?.algorithm === 'SM2' ? 'issuing-sm2' : 'issuing-rsa';
    expect((await fetchList(name)).revoked.get(serial)).to.deep.equal({
      revokedAt: world.time.now(),
      reason: CRL_REASONS.keyCompromise,
      invalidSince,
    });
  });

  it('do not take what is not of their authority, nor a root', () => {
    const { root } = world.trust.services.authority.sm2;
    expect(revokeMember(world.trust.services, { certificate: root.certificate, reason: 'unspecified' })).to.equal(
      false,
    );
  });

  it('are added to on the command line while the service runs', async function () {
    this.timeout(30_000);
    const { issuing } = world.trust.services.authority.sm2;
    const file = join(world.folder, 'issuing.pem');
    writeFileSync(file, toPem('CERTIFICATE', issuing.certificate));
    const args = [PROGRAM, 'sandbox', 'trust', 'revoke', '--data', world.folder, '--certificate', file];
    const run = (...more: string[]) => promisify(execFile)(process.execPath, [...args, ...more]);
    const status = (act: Promise<unknown>) =>
      act.then(
        () => 0,
        (error: { code?: number }) => error.code,
      );
    expect(await status(run('--reason', 'nonsense'))).to.equal(2);
    expect((await run('--reason', 'cessationOfOperation')).stdout).to.equal('revoked\n');
    expect(await status(run())).to.equal(1);
    const { serial } = parseCertificate(issuing.certificate);
    expect((await fetchList('root-sm2')).revoked.get(serial)?.reason).to.equal(CRL_REASONS.cessationOfOperation);
  });
});
