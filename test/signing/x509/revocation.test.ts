import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { toPem } from '../../../signing/keys/pem.ts';
import { checkRevocation, type RevocationRules } from '../../../signing/x509/check-revocation.ts';
import { type CrlRequest, issueCrl } from '../../../signing/x509/issue-crl.ts';
import { judgeCertificate } from '../../../signing/x509/judge-certificate.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { CRL_REASONS, parseCrl } from '../../../signing/x509/parse-crl.ts';
import { requireProgram } from '../../world/programs.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { AFTER, makeMember, NOW } from './certificates.ts';

const DAY_MS = 86_400_000;
const day = (count: number) => new Date(NOW.getTime() + count * DAY_MS);

for (const algorithm of ['SM2', 'RSA'] as const) {
  describe(`revocation lists with ${algorithm}`, () => {
    type Member = Awaited<ReturnType<typeof makeMember>>;
    let issuing: Member;
    let leaf: Member;
    let root: Member;

    before(async () => {
      root = await makeMember(algorithm, 'root', '根');
      issuing = await makeMember(algorithm, 'issuing', '签发', root);
      leaf = await makeMember(algorithm, 'signer', '签章人', issuing);
    });

    const serial = () => parseCertificate(leaf.certificate).serial;
    const list = async (change: Partial<CrlRequest> = {}) =>
      parseCrl(
        await issueCrl({
          issuer: issuing.certificate,
          signer: issuing.key,
          number: 1n,
          thisUpdate: NOW,
          nextUpdate: day(7),
          revoked: [],
          ...change,
        }),
      );
    const judge = (crls: ReturnType<typeof parseCrl>[], at: Date, rules: RevocationRules = {}) =>
      checkRevocation(parseCertificate(leaf.certificate), parseCertificate(issuing.certificate), crls, at, rules);

    it('say when, why and since when, and their number', async () => {
      const entry = { serial: serial(), revokedAt: NOW, reason: CRL_REASONS.superseded, invalidSince: day(-3) };
      const crl = await list({ number: 77n, revoked: [entry] });
      expect(crl.number).to.equal(77n);
      expect(crl.revoked.get(serial())).to.deep.equal({ revokedAt: NOW, reason: 4, invalidSince: day(-3) });
      expect([crl.partial, crl.indirect]).to.deep.equal([false, false]);
    });

    it('count a compromised key from the day it may have been in other hands, other reasons from their own', async () => {
      const entry = { serial: serial(), revokedAt: NOW, invalidSince: day(-3) };
      const compromised = await list({ revoked: [{ ...entry, reason: CRL_REASONS.keyCompromise }] });
      const superseded = await list({ revoked: [{ ...entry, reason: CRL_REASONS.superseded }] });
      expect(judge([compromised], day(-1))).to.deep.equal({ state: 'revoked', at: day(-3), reason: 1 });
      expect(judge([superseded], day(-1)).state).to.equal('good');
      expect(judge([superseded], day(1)).state).to.equal('revoked');
      expect(judge([compromised], day(-4)).state).to.equal('good');
    });

    it('clear until they run out, and after that only for as long as the policy lets them', async () => {
      const crl = await list();
      expect(judge([crl], day(7)).state).to.equal('good');
      expect(judge([crl], day(8))).to.deep.equal({ state: 'unknown', code: 'CRL_STALE' });
      expect(judge([crl], day(8), { staleAfterMs: DAY_MS }).state).to.equal('good');
      expect(judge([crl], day(8.1), { staleAfterMs: DAY_MS })).to.deep.equal({ state: 'unknown', code: 'CRL_STALE' });
      expect(judge([crl, await list({ nextUpdate: day(30) })], day(8)).state).to.equal('good');
    });

    it('revoke even when they have run out', async () => {
      const crl = await list({ revoked: [{ serial: serial(), revokedAt: day(1) }] });
      expect(judge([crl], day(100)).state).to.equal('revoked');
    });

    it('are not believed when they come from the future', async () => {
      const crl = await list({ thisUpdate: day(2) });
      expect(judge([crl], NOW, { now: day(1) })).to.deep.equal({ state: 'unknown', code: 'CRL_INVALID' });
      expect(judge([crl], NOW, { now: day(2) }).state).to.equal('good');
    });

    it('that never run out, or are older than the certificate, revoke and do not clear', async () => {
      const old = { thisUpdate: new Date('2001-01-01T00:00:00Z'), nextUpdate: day(365) };
      const stale = { state: 'unknown', code: 'CRL_STALE' };
      const endless = { ...(await list()), nextUpdate: undefined };
      expect(judge([endless], NOW)).to.deep.equal(stale);
      expect(judge([endless], NOW, { staleAfterMs: DAY_MS })).to.deep.equal(stale);
      expect(judge([await list(old)], NOW)).to.deep.equal(stale);
      const { notBefore } = parseCertificate(leaf.certificate);
      expect(judge([await list({ thisUpdate: notBefore })], NOW).state).to.equal('good');
      const revoked = [{ serial: serial(), revokedAt: day(-1) }];
      expect(judge([{ ...(await list({ revoked })), nextUpdate: undefined }], NOW).state).to.equal('revoked');
      expect(judge([await list({ ...old, revoked })], NOW).state).to.equal('revoked');
      expect(judge([endless, await list()], NOW).state).to.equal('good');
    });

    it('free a certificate that was held only by a later list without it', async () => {
      const held = await list({
        revoked: [{ serial: serial(), revokedAt: day(-1), reason: CRL_REASONS.certificateHold }],
      });
      const later = await list({ thisUpdate: day(1), number: 2n });
      const earlier = await list({ thisUpdate: day(-2), number: 0n });
      expect(judge([held], day(2)).state).to.equal('revoked');
      expect(judge([held, earlier], day(2)).state).to.equal('revoked');
      expect(judge([held, later], day(2)).state).to.equal('good');
      expect(judge([later, held], day(2)).state).to.equal('good');
    });

    it('of another authority of the same name decide nothing', async () => {
      const impostor = await makeMember(algorithm, 'issuing', '签发', root);
      const crl = await list({ issuer: impostor.certificate, signer: impostor.key });
      expect(judge([crl], NOW)).to.deep.equal({ state: 'unknown', code: 'CRL_INVALID' });
    });

    it('are judged stale by the grace of the policy in a whole verification too', async () => {
      const store = {
        anchors: [parseCertificate(root.certificate)],
        intermediates: [parseCertificate(issuing.certificate)],
        crls: [await list(), await list({ issuer: root.certificate, signer: root.key, nextUpdate: AFTER })],
        now: day(9),
      };
      const code = (staleAfterMs: number) =>
        judgeCertificate(parseCertificate(leaf.certificate), { ...store, staleAfterMs }, day(8), 'x').checks.find(
          ({ name }) => name === 'revocation',
        )?.code;
      expect(code(0)).to.equal('CRL_STALE');
      expect(code(2 * DAY_MS)).to.equal(undefined);
    });

    describe('that openssl made', () => {
      const folder = temporaryFolder();
      const at = (name: string) => join(folder.path, name);
      let openssl = '';

      before(function () {
        openssl = requireProgram(this, 'openssl');
        mkdirSync(at('ca'));
        writeFileSync(at('ca.key'), toPem('PRIVATE KEY', issuing.pkcs8));
        writeFileSync(at('ca.crt'), toPem('CERTIFICATE', issuing.certificate));
      });
      after(() => folder.remove());

      /** A list by `openssl ca`, with these extensions and this line of its index. */
      function opensslList(extensions: string, state: string): ReturnType<typeof parseCrl> {
        const number = serial().toString(16).toUpperCase();
        const hexadecimal = number.padStart(number.length + (number.length % 2), '0');
        writeFileSync(at('index'), `R\t291231235959Z\t${state}\t${hexadecimal}\tunknown\t/CN=x\n`);
        writeFileSync(at('number'), '1000\n');
        const sigopt = algorithm === 'SM2' ? ['-sigopt', 'distid:1234567812345678'] : [];
        const config = `[ca]\ndefault_ca=d\n[d]\ndatabase=${at('index')}\ncrlnumber=${at('number')}\ndefault_md=${algorithm === 'SM2' ? 'sm3' : 'sha256'}\ncertificate=${at('ca.crt')}\nprivate_key=${at('ca.key')}\ncrl_extensions=e\n[e]\nauthorityKeyIdentifier=keyid\n${extensions}\n`;
        writeFileSync(at('config'), config);
        const dates = ['-crl_lastupdate', '20260601000000Z', '-crl_nextupdate', '20260701000000Z'];
        execFileSync(openssl, ['ca', '-gencrl', '-config', at('config'), ...dates, ...sigopt, '-out', at('crl.pem')], {
          stdio: 'pipe',
        });
        const pem = readFileSync(at('crl.pem'), 'latin1').replaceAll(/-----[^-]+-----|\s/g, '');
        return parseCrl(new Uint8Array(Buffer.from(pem, 'base64')));
      }

      it('revoke with their reason, and since when', () => {
        const plain = opensslList('', '260515000000Z');
        expect(plain.number).to.equal(0x1000n);
        expect(judge([plain], day(1)).state).to.equal('revoked');
        expect(judge([plain], new Date('2026-05-14T00:00:00Z')).state).to.equal('good');
        const compromised = opensslList('', '260515000000Z,keyTime,20260501000000Z');
        expect(judge([compromised], new Date('2026-05-14T00:00:00Z'))).to.deep.equal({
          state: 'revoked',
          at: new Date('2026-05-01T00:00:00Z'),
          reason: 1,
        });
      });

      it('can revoke and cannot clear when they are deltas or for one kind of certificate only', () => {
        for (const extension of [
          'deltaCRL=critical,DER:02:01:01',
          'issuingDistributionPoint=critical,@idp\n[idp]\nonlyuser=TRUE',
          'issuingDistributionPoint=critical,@idp\n[idp]\nonlysomereasons=keyCompromise',
          '1.2.3.4=critical,DER:05:00',
        ]) {
          const text = extension.replace('deltaCRL', '2.5.29.27');
          const other = opensslList(text, '260515000000Z');
          expect(other.partial, extension).to.equal(true);
          expect(judge([other], day(1)).state, extension).to.equal('revoked');
          expect(judge([other], new Date('2026-05-14T00:00:00Z')), extension).to.deep.equal({
            state: 'unknown',
            code: 'REVOCATION_UNKNOWN',
          });
        }
      });

      it('are not relied on when they are indirect', () => {
        const extension = 'issuingDistributionPoint=critical,@idp\n[idp]\nindirectCRL=TRUE';
        const crl = opensslList(extension, '260515000000Z');
        expect(crl.indirect).to.equal(true);
        expect(judge([crl], day(1))).to.deep.equal({ state: 'unknown', code: 'CRL_INVALID' });
      });

      it('know our lists to be of their authority', async () => {
        const entry = { serial: serial(), revokedAt: day(1), reason: 1, invalidSince: NOW };
        const ours = await list({ revoked: [entry] });
        writeFileSync(at('ours.der'), ours.raw);
        writeFileSync(at('ca.pub'), toPem('PUBLIC KEY', issuing.key.publicKey));
        writeFileSync(at('signature'), ours.signature);
        // its own crl and verify commands know no identity of SM2: the signed part is cut out and held against the key
        const cut = ['asn1parse', '-inform', 'DER', '-in', at('ours.der'), '-strparse', '4', '-noout'];
        execFileSync(openssl, [...cut, '-out', at('tbs')], { stdio: 'pipe' });
        const how =
          algorithm === 'SM2' ? ['-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678'] : ['-digest', 'sha256'];
        const files = ['-inkey', at('ca.pub'), '-in', at('tbs'), '-sigfile', at('signature')];
        const said = execFileSync(openssl, ['pkeyutl', '-verify', '-pubin', '-rawin', ...files, ...how]);
        expect(said.toString()).to.contain('Verified Successfully');
        const shown = execFileSync(openssl, ['crl', '-inform', 'DER', '-in', at('ours.der'), '-noout', '-text']);
        expect(shown.toString()).to.match(/Key Compromise[\s\S]+Invalidity Date/);
      });

      // openssl verify feeds no identity into the signature of an SM2 list, and calls every one of them wrong
      (algorithm === 'RSA' ? it : () => undefined)(
        'judge by our lists as we do: revoked, and good before it',
        async () => {
          writeFileSync(at('leaf.crt'), toPem('CERTIFICATE', leaf.certificate));
          const ask = async (revoked: CrlRequest['revoked']) => {
            writeFileSync(at('ours.pem'), toPem('X509 CRL', (await list({ revoked })).raw));
            const args = ['-partial_chain', '-crl_check', '-attime', String(day(2).getTime() / 1000)];
            const files = ['-CRLfile', at('ours.pem'), '-CAfile', at('ca.crt'), at('leaf.crt')];
            try {
              return execFileSync(openssl, ['verify', ...args, ...files], { stdio: 'pipe', encoding: 'utf8' });
            } catch (error) {
              return (error as { stderr: string }).stderr;
            }
          };
          expect(await ask([])).to.contain('OK');
          expect(await ask([{ serial: serial(), revokedAt: day(1), reason: 1 }])).to.contain('certificate revoked');
        },
      );
    });
  });
}
