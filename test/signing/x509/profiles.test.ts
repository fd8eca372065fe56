import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { toPem } from '../../../signing/keys/pem.ts';
import { crlUrlsOf, organisationCodeOf, policiesOf } from '../../../signing/x509/certificate-words.ts';
import {
  type CertificateProfile,
  type CertificateRequest,
  issueCertificate,
} from '../../../signing/x509/issue-certificate.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { requireProgram } from '../../world/programs.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { AFTER, BEFORE, makeMember, NOW } from './certificates.ts';

const UNIT = '11410000005184603J';
const POLICY = '1.2.156.112570.1';
const CRL = 'http://crl.example/issuing.crl';

for (const algorithm of ['SM2', 'RSA'] as const) {
  describe(`certificate profiles with ${algorithm}`, () => {
    const folder = temporaryFolder();
    const at = (name: string) => join(folder.path, name);
    type Member = Awaited<ReturnType<typeof makeMember>>;
    let openssl = '';
    let root: Member;
    let issuing: Member;

    before(async function () {
      openssl = requireProgram(this, 'openssl');
      root = await makeMember(algorithm, 'root', '根');
      issuing = await makeMember(algorithm, 'issuing', '签发', root);
    });
    after(() => folder.remove());

    const issue = (profile: CertificateProfile, change: Partial<CertificateRequest> = {}) =>
      issueCertificate({
        subject: { organization: '测试专用', organizationalUnit: '窗口', commonName: '某单位', serialNumber: 'A-17' },
        issuer: issuing.certificate,
        publicKey: issuing.key.publicKey,
        signer: issuing.key,
        serial: 4711n,
        notBefore: BEFORE,
        notAfter: AFTER,
        profile,
        ...change,
      });

    function show(der: Uint8Array): string {
      writeFileSync(at('shown.crt'), toPem('CERTIFICATE', der));
      return execFileSync(
        openssl,
        ['x509', '-in', at('shown.crt'), '-noout', '-text', '-nameopt', 'oneline,utf8,-esc_msb'],
        {
          encoding: 'utf8',
        },
      );
    }

    const SAID: Readonly<Record<CertificateProfile, readonly RegExp[]>> = {
      root: [/Basic Constraints: critical\s+CA:TRUE\n/, /Key Usage: critical\s+Certificate Sign, CRL Sign\n/],
      issuing: [
        /Basic Constraints: critical\s+CA:TRUE, pathlen:0/,
        /Key Usage: critical\s+Certificate Sign, CRL Sign\n/,
      ],
      'seal-maker': [/CA:FALSE/, /Key Usage: critical\s+Digital Signature, Non Repudiation\n/],
      signer: [/CA:FALSE/, /Key Usage: critical\s+Digital Signature, Non Repudiation\n/],
      person: [/CA:FALSE/, /Key Usage: critical\s+Digital Signature, Non Repudiation\n/],
      encryption: [/CA:FALSE/, /Key Usage: critical\s+Key Encipherment, Data Encipherment\n/],
      'time-stamping': [/CA:FALSE/, /Key Usage: critical\s+Digital/, /Extended Key Usage: critical\s+Time Stamping\n/],
    };
    for (const [profile, words] of Object.entries(SAID)) {
      it(`are what openssl reads in them: ${profile}`, async () => {
        const top = { issuer: root.certificate, signer: root.key };
        const text = show(await issue(profile as CertificateProfile, profile === 'issuing' ? top : {}));
        for (const word of words) expect(text).to.match(word);
        expect(text).to.match(/Subject Key Identifier/);
        expect(text).to.match(/Authority Key Identifier/);
        expect(text).to.match(/Subject: C = CN, O = 测试专用, OU = 窗口, serialNumber = A-17, CN = 某单位/);
        expect(text.includes('Extended Key Usage')).to.equal(profile === 'time-stamping');
      });
    }

    it('carry the code of the unit, policies and the place of the list, and give them back', async () => {
      const der = await issue('signer', { organisationCode: UNIT, policies: [POLICY, '1.2.3'], crlUrl: CRL });
      const text = show(der);
      expect(text).to.match(/CRL Distribution Points:[\s\S]+URI:http:\/\/crl\.example\/issuing\.crl/);
      expect(text).to.match(/Certificate Policies:\s+Policy: 1\.2\.156\.112570\.1\s+Policy: 1\.2\.3/);
      expect(text).to.contain('1.2.156.10260.4.1.4');
      const certificate = parseCertificate(der);
      expect(organisationCodeOf(certificate)).to.equal(UNIT);
      expect(policiesOf(certificate)).to.deep.equal([POLICY, '1.2.3']);
      expect(crlUrlsOf(certificate)).to.deep.equal([CRL]);
      const plain = parseCertificate(await issue('person'));
      expect([organisationCodeOf(plain), policiesOf(plain), crlUrlsOf(plain)]).to.deep.equal([undefined, [], []]);
    });

    it('hold no code in a person’s certificate, no personal number, and no text that is not printable', async () => {
      const wrong: Partial<CertificateRequest>[] = [
        { profile: 'person', organisationCode: UNIT },
        { organisationCode: '张三' },
        { organisationCode: '11010519491231002x' },
        { subject: { commonName: '某单位', serialNumber: '甲' } },
      ];
      for (const change of wrong) {
        const error: unknown = await issue('signer', change).catch((caught: unknown) => caught);
        expect(error).to.have.property('code', 'CERTIFICATE_UNFIT');
      }
    });

    it('stand hop by hop before openssl: root, issuing authority, and each that it issues', async () => {
      writeFileSync(at('root.crt'), toPem('CERTIFICATE', root.certificate));
      writeFileSync(at('issuing.crt'), toPem('CERTIFICATE', issuing.certificate));
      const time = ['-attime', String(NOW.getTime() / 1000)];
      const id = algorithm === 'SM2' ? ['-vfyopt', 'distid:1234567812345678'] : [];
      const verify = (...args: string[]) =>
        execFileSync(openssl, ['verify', ...time, ...id, ...args], { encoding: 'utf8', stdio: 'pipe' });
      expect(verify('-CAfile', at('root.crt'), at('root.crt'))).to.contain('OK');
      expect(verify('-partial_chain', '-CAfile', at('root.crt'), at('issuing.crt'))).to.contain('OK');
      for (const profile of ['seal-maker', 'signer', 'person', 'time-stamping'] as const) {
        writeFileSync(at('leaf.crt'), toPem('CERTIFICATE', await issue(profile, { crlUrl: CRL, policies: [POLICY] })));
        expect(verify('-partial_chain', '-CAfile', at('issuing.crt'), at('leaf.crt')), profile).to.contain('OK');
        // each hop by itself: openssl gives the identity of SM2 to the lowest certificate only
        const stamping = ['-purpose', 'timestampsign', '-partial_chain', '-CAfile', at('issuing.crt')];
        const stamps = () => verify(...stamping, at('leaf.crt'));
        if (profile === 'time-stamping') expect(stamps()).to.contain('OK');
        else expect(stamps).to.throw();
      }
    });
  });
}
