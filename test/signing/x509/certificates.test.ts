import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { toPem } from '../../../signing/keys/pem.ts';
import { checkRevocation } from '../../../signing/x509/check-revocation.ts';
import { issueCertificate } from '../../../signing/x509/issue-certificate.ts';
import { issueCrl } from '../../../signing/x509/issue-crl.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { parseCrl } from '../../../signing/x509/parse-crl.ts';
import { isSelfSigned, verifyChain } from '../../../signing/x509/verify-chain.ts';
import { AFTER, BEFORE, makeMember, NOW } from './certificates.ts';

for (const algorithm of ['SM2', 'RSA'] as const) {
  describe(`certificates with ${algorithm}`, () => {
    let folder = '';
    let root: Awaited<ReturnType<typeof makeMember>>;
    let issuing: Awaited<ReturnType<typeof makeMember>>;
    let leaf: Awaited<ReturnType<typeof makeMember>>;
    const p = parseCertificate;

    before(async () => {
      folder = mkdtempSync(join(tmpdir(), 'zk-x509-'));
      root = await makeMember(algorithm, 'root', '根');
      issuing = await makeMember(algorithm, 'issuing', '签发', root);
      leaf = await makeMember(algorithm, 'signer', '签章人', issuing);
    });
    after(() => rmSync(folder, { recursive: true }));

    const chain = (extra: Partial<Parameters<typeof verifyChain>[1]> = {}, from = leaf) =>
      verifyChain(p(from.certificate), {
        anchors: [p(root.certificate)],
        intermediates: [p(issuing.certificate)],
        at: NOW,
        ...extra,
      });

    it('are read back as they were made', () => {
      const read = p(leaf.certificate);
      expect(read.subject).to.equal('CN=签章人, O=测试专用, C=CN');
      expect(read.issuer).to.equal('CN=签发, O=测试专用, C=CN');
      expect([read.notBefore, read.notAfter]).to.deep.equal([BEFORE, AFTER]);
      expect(read.keyAlgorithm).to.equal(algorithm);
      expect([...(read.keyUsage ?? [])]).to.deep.equal(['digitalSignature', 'nonRepudiation']);
      expect(p(issuing.certificate).basicConstraints).to.deep.equal({ ca: true, pathLength: 0 });
      expect(isSelfSigned(p(root.certificate))).to.equal(true);
      expect(isSelfSigned(read)).to.equal(false);
    });

    it('name their algorithm as its standard writes it', () => {
      const der = Buffer.from(leaf.certificate).toString('hex');
      const identifier = algorithm === 'SM2' ? '300a06082a811ccf55018375' : '300d06092a864886f70d01010b0500';
      expect(der.split(identifier)).to.have.length(3);
      if (algorithm === 'SM2') expect(der).to.contain('301306072a8648ce3d020106082a811ccf5501822d');
    });

    it('write names in UTF-8, also where plain letters would do', async () => {
      const plain = await makeMember(algorithm, 'signer', 'Plain', issuing);
      expect(Buffer.from(plain.certificate).includes(Buffer.from('\x0c\x05Plain'))).to.equal(true);
      expect(Buffer.from(plain.certificate).includes(Buffer.from('\x13\x02CN'))).to.equal(true);
    });

    it('lead to their anchor through the intermediate', () => {
      expect(chain().path?.map((member) => member.subject.split(',')[0])).to.deep.equal([
        'CN=签章人',
        'CN=签发',
        'CN=根',
      ]);
    });

    it('lead nowhere without intermediate, without anchor, outside their dates', () => {
      expect(chain({ intermediates: [] }).fault).to.equal('UNTRUSTED');
      expect(chain({ anchors: [] }).fault).to.equal('UNTRUSTED');
      expect(chain({ at: new Date('2025-12-31T23:59:59Z') }).fault).to.equal('CERTIFICATE_OUTSIDE_VALIDITY');
      expect(chain({ at: new Date('2030-01-01T00:00:01Z') }).fault).to.equal('CERTIFICATE_OUTSIDE_VALIDITY');
    });

    it('are not believed from an authority of the same name with another key', async () => {
      const impostor = await makeMember(algorithm, 'root', '根');
      expect(chain({ anchors: [p(impostor.certificate)] }).fault).to.equal('CERTIFICATE_CHAIN_BROKEN');
    });

    it('are not believed from a signer who plays authority', async () => {
      await issueCertificate({
        subject: { commonName: '冒名' },
        issuer: leaf.certificate,
        publicKey: leaf.key.publicKey,
        signer: leaf.key,
        serial: 9n,
        notBefore: BEFORE,
        notAfter: AFTER,
        profile: 'signer',
      }).then(
        () => expect.fail('issued'),
        (error: unknown) => expect(error).to.have.property('code', 'CERTIFICATE_UNFIT'),
      );
    });

    it('are not believed below the allowed path length', async () => {
      const deeper = await makeMember(algorithm, 'issuing', '下级', issuing);
      const low = await makeMember(algorithm, 'signer', '末端', deeper);
      const result = chain({ intermediates: [p(issuing.certificate), p(deeper.certificate)] }, low);
      expect(result.fault).to.equal('CERTIFICATE_CHAIN_BROKEN');
    });

    it('are refused when any byte is changed', () => {
      const survivors: number[] = [];
      for (let at = 0; at < leaf.certificate.length; at += algorithm === 'SM2' ? 1 : 5) {
        const bad = Uint8Array.from(leaf.certificate);
        bad[at] = (bad[at] ?? 0) ^ 1;
        try {
          if (chain({}, { ...leaf, certificate: bad }).path) survivors.push(at);
        } catch (error) {
          expect(error).to.have.property('code', 'MALFORMED');
        }
      }
      expect(survivors).to.deep.equal([]);
    });

    it('are accepted by openssl, hop by hop', () => {
      const file = (name: string, der: Uint8Array) => {
        writeFileSync(join(folder, name), toPem('CERTIFICATE', der));
        return join(folder, name);
      };
      const top = file('root.pem', root.certificate);
      const middle = file('issuing.pem', issuing.certificate);
      const bottom = file('leaf.pem', leaf.certificate);
      const verify = (...args: string[]) =>
        execFileSync('openssl', ['verify', '-attime', '1780272000', '-vfyopt', 'distid:1234567812345678', ...args], {
          encoding: 'utf8',
        });
      const forSm2 =
        algorithm === 'SM2'
          ? verify
          : (...args: string[]) =>
              execFileSync('openssl', ['verify', '-attime', '1780272000', ...args], { encoding: 'utf8' });
      expect(forSm2('-partial_chain', '-CAfile', top, middle)).to.contain('OK');
      expect(forSm2('-partial_chain', '-CAfile', middle, bottom)).to.contain('OK');
    });

    describe('and their revocation list', () => {
      const list = (revokedAt: Date, signer = issuing) =>
        issueCrl({
          issuer: signer.certificate,
          signer: signer.key,
          number: 1n,
          thisUpdate: NOW,
          nextUpdate: AFTER,
          revoked: [{ serial: p(leaf.certificate).serial, revokedAt, reason: 1 }],
        }).then(parseCrl);
      const state = async (crls: ReturnType<typeof parseCrl>[], at = NOW) =>
        checkRevocation(p(leaf.certificate), p(issuing.certificate), crls, at);

      it('revoke from their moment on, not before', async () => {
        const crl = await list(new Date('2026-05-01T00:00:00Z'));
        expect((await state([crl])).state).to.equal('revoked');
        expect((await state([crl], new Date('2026-04-30T00:00:00Z'))).state).to.equal('good');
      });

      it('leave a certificate unjudged without a list of its issuer', async () => {
        expect(await state([])).to.deep.equal({ state: 'unknown', code: 'REVOCATION_UNKNOWN' });
        expect((await state([await list(BEFORE, root)])).state).to.equal('unknown');
      });

      it('do not clear by a list that has run out or is signed by another', async () => {
        const crl = await issueCrl({
          issuer: issuing.certificate,
          signer: issuing.key,
          number: 2n,
          thisUpdate: BEFORE,
          nextUpdate: new Date('2026-02-01T00:00:00Z'),
          revoked: [],
        });
        expect((await state([parseCrl(crl)])).state).to.equal('unknown');
        const forged = Uint8Array.from(crl);
        forged[forged.length - 1] = (forged.at(-1) ?? 0) ^ 1;
        expect(await state([parseCrl(forged)])).to.deep.equal({ state: 'unknown', code: 'CRL_INVALID' });
      });

      it('state a reason in every entry', async () => {
        const request = {
          issuer: issuing.certificate,
          signer: issuing.key,
          number: 3n,
          thisUpdate: NOW,
          nextUpdate: AFTER,
        };
        const crl = Buffer.from(await issueCrl({ ...request, revoked: [{ serial: 200n, revokedAt: NOW }] }));
        expect(crl.toString('hex')).to.contain(
          `020200c8170d${Buffer.from('260601000000Z').toString('hex')}300c300a0603551d1504030a0100`,
        );
        const empty = Buffer.from(await issueCrl({ ...request, revoked: [] })).toString('hex');
        expect(empty).to.contain(`${Buffer.from('300101000000Z').toString('hex')}a0`);
      });

      it('refuse a serial number that is listed twice', async () => {
        const entry = { serial: 7n, revokedAt: NOW };
        const request = {
          issuer: issuing.certificate,
          signer: issuing.key,
          number: 3n,
          thisUpdate: NOW,
          nextUpdate: AFTER,
        };
        await issueCrl({ ...request, revoked: [entry, entry] }).then(
          () => expect.fail('issued'),
          (error: unknown) => expect(error).to.have.property('code', 'CERTIFICATE_UNFIT'),
        );
      });

      it('are read by openssl', async () => {
        const crl = await list(new Date('2026-05-01T00:00:00Z'));
        writeFileSync(join(folder, 'crl.pem'), toPem('X509 CRL', crl.raw));
        const shown = spawnSync('openssl', ['crl', '-text', '-noout', '-in', join(folder, 'crl.pem')], {
          encoding: 'utf8',
        });
        expect(shown.status).to.equal(0);
        expect(shown.stdout).to.contain('Key Compromise');
      });
    });
  });
}
