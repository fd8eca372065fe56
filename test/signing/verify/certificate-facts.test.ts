import { expect } from 'chai';
import { factsOfCertificate, shownName, withoutNumbers } from '../../../signing/verify/certificate-facts.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { makeMember } from '../x509/certificates.ts';

describe('what a report shows of a certificate', () => {
  it('is its names, validity and key', async () => {
    const root = await makeMember('RSA', 'root', 'Root');
    const leaf = await makeMember('SM2', 'signer', 'Signer', await makeMember('SM2', 'root', 'Other Root'));
    expect(factsOfCertificate(parseCertificate(root.certificate))).to.include({ key: 'RSA', bits: 2048 });
    const facts = factsOfCertificate(parseCertificate(leaf.certificate));
    expect(facts).to.include({ key: 'SM2', bits: 256 });
    expect(facts.subject).to.include('Signer');
    expect(facts.issuer).to.include('Other Root');
    expect(facts.serial).to.match(/^[0-9a-f]+$/);
    expect(Date.parse(facts.validFrom)).to.be.lessThan(Date.parse(facts.validTo));
  });

  it('holds no number of a person, wherever the issuer of the certificate has put it', () => {
    const number = '11010519491231002X';
    const name = `CN=041@${number}张三@1, 2.5.4.5=${number}, 1.2.156.10260.4.1.1=${number}, OU=110105491231002, O=某局, C=CN`;
    expect(shownName(name)).to.equal('CN=041@110105****张三@1, OU=110105****, O=某局, C=CN');
    expect(withoutNumbers('某局 91410100MA45K7N21A 电话 037112345678')).to.equal(
      '某局 91410100MA45K7N21A 电话 037112345678',
    );
  });
});
