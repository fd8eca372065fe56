import { expect } from 'chai';
import { makeDevelopmentAuthority } from '../../../signing/development/make-development-authority.ts';
import { softwareKeyFromPkcs8 } from '../../../signing/keys/software-key.ts';
import { crlUrlsOf } from '../../../signing/x509/certificate-words.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { verifyChain } from '../../../signing/x509/verify-chain.ts';

describe('the development authority', () => {
  const now = new Date('2026-06-01T00:00:00Z');
  let authority: Awaited<ReturnType<typeof makeDevelopmentAuthority>>;
  before(async () => {
    let serial = 1n;
    authority = await makeDevelopmentAuthority({
      now,
      newSerial: () => serial++,
      crlUrls: { 'root-sm2': 'http://crl.example/root-sm2.crl', 'issuing-sm2': 'http://crl.example/issuing-sm2.crl' },
    });
  });

  it('says 测试专用 in every subject', () => {
    for (const member of [...Object.values(authority.sm2), ...Object.values(authority.rsa)]) {
      const certificate = parseCertificate(member.certificate);
      expect(certificate.subject).to.match(/CN=测试专用 .*O=测试专用 /);
      expect(Buffer.from(softwareKeyFromPkcs8(member.pkcs8).publicKey)).to.deep.equal(
        Buffer.from(certificate.publicKey),
      );
    }
  });

  it('makes a seal maker whom its root stands for', () => {
    const { root, issuing, sealMaker } = authority.sm2;
    const policy = {
      anchors: [parseCertificate(root.certificate)],
      intermediates: [parseCertificate(issuing.certificate)],
      at: now,
    };
    expect(verifyChain(parseCertificate(sealMaker.certificate), policy).path).to.have.length(3);
    const pointsOf = ({ certificate }: { certificate: Uint8Array }) => crlUrlsOf(parseCertificate(certificate));
    expect(pointsOf(sealMaker)).to.deep.equal(['http://crl.example/issuing-sm2.crl']);
    expect(pointsOf(issuing)).to.deep.equal(['http://crl.example/root-sm2.crl']);
    expect(pointsOf(root)).to.deep.equal([]);
    expect(pointsOf(authority.rsa.issuing)).to.deep.equal([]);
  });
});
