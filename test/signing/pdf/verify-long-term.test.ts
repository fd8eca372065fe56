import { expect } from 'chai';
import { SIGNER_ALGORITHMS } from '../../../signing/cms/signed-attributes.ts';
import { octetString, sequence } from '../../../signing/der/write-der.ts';
import { addValidationData, type ValidationData } from '../../../signing/pdf/append-validation-data.ts';
import { extendPdf } from '../../../signing/pdf/extend-pdf.ts';
import { fillSignature } from '../../../signing/pdf/fill-signature.ts';
import { PdfChanges } from '../../../signing/pdf/pdf-changes.ts';
import { sealPdf } from '../../../signing/pdf/seal-pdf.ts';
import { signPdf } from '../../../signing/pdf/sign-pdf.ts';
import { verifyPdf } from '../../../signing/pdf/verify-pdf.ts';
import { makeSeal } from '../../../signing/seal/make-seal.ts';
import { makeTimeStampToken, type TimeStampAuthority } from '../../../signing/tsp/make-time-stamp-token.ts';
import type { TimeStamper } from '../../../signing/tsp/time-stamper.ts';
import type { VerificationReport } from '../../../signing/verify/report.ts';
import { issueCrl } from '../../../signing/x509/issue-crl.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { makeTsa } from '../tsp/authorities.ts';
import { AFTER, BEFORE, makeMember, NOW } from '../x509/certificates.ts';
import { AT, certify, formDocument, roomBody, type Signer, sign } from './form-pdf.ts';
import { exchange, faultsOf, revise, sizeOf, streamBody, warningsOf } from './raw-pdf.ts';
import { makeSigners, ringPng, SIGNED_AT } from './signed-pdf.ts';

const STAMPED_AT = new Date('2026-05-02T00:00:00Z');
const LONG_AFTER = new Date('2029-12-01T00:00:00Z');

function stamperOf(authority: TimeStampAuthority, at = STAMPED_AT): TimeStamper {
  const { hash, digest: algorithm } = SIGNER_ALGORITHMS[authority.key.algorithm];
  let serial = 1n;
  return {
    hash,
    stamp: (digest) => {
      const imprint = sequence(algorithm, octetString(digest));
      return makeTimeStampToken(authority, { imprint, certificates: true, serial: serial++, at });
    },
  };
}

describe('a PDF that was made to last', () => {
  let signers: Awaited<ReturnType<typeof makeSigners>>;
  let tsa: Awaited<ReturnType<typeof makeTsa>>;
  let signer: Signer;
  let crl: Uint8Array;
  let certified: Uint8Array;
  let extended: Uint8Array;
  const anchors = () => [signers.root.certificate, tsa.root.certificate];
  const judge = (pdf: Uint8Array, certificates = anchors(), at = NOW): VerificationReport =>
    verifyPdf(pdf, { certificates, at });
  const crlOf = (revokedAt?: Date): Promise<Uint8Array> =>
    issueCrl({
      issuer: signers.issuing.certificate,
      signer: signers.issuing.key,
      ...{ number: 1n, thisUpdate: BEFORE, nextUpdate: AFTER },
      revoked: revokedAt ? [{ serial: parseCertificate(signers.leaf.certificate).serial, revokedAt }] : [],
    });
  const withData = (pdf: Uint8Array, data: ValidationData): Uint8Array => {
    const changes = new PdfChanges(pdf);
    addValidationData(changes, data);
    return changes.append();
  };

  before(async () => {
    signers = await makeSigners();
    signer = signers.signer;
    tsa = await makeTsa('RSA');
    crl = await crlOf();
    certified = await certify(formDocument(), signer, 1);
    const certificates = [signers.root.certificate, signers.issuing.certificate, tsa.issuing.certificate];
    const dates = { number: 1n, thisUpdate: BEFORE, nextUpdate: AFTER };
    const { root } = signers;
    const ofRoot = await issueCrl({ issuer: root.certificate, signer: root.key, ...dates, revoked: [] });
    extended = await extendPdf(certified, { certificates, crls: [crl, ofRoot], timeStamper: stamperOf(tsa.authority) });
  });

  it('is valid, also where every other change is forbidden, and its revocation is judged from within', () => {
    const report = judge(extended);
    expect(faultsOf(report)).to.deep.equal([]);
    expect(report).to.include({ valid: true, trusted: true });
    expect(warningsOf(report)).to.deep.equal(['SIGNED_ADDITION']);
    const revocation = report.checks.find(({ name, where }) => name === 'revocation' && where === 'signature 1');
    expect(revocation?.outcome).to.equal('passed');
  });

  it('tells of the proven time of what the time-stamp covers', () => {
    const [one, two] = judge(extended).signatures ?? [];
    expect(one).to.include({ kind: 'signature', provenAt: STAMPED_AT.toISOString() });
    expect(two).to.include({ kind: 'time-stamp', provenAt: STAMPED_AT.toISOString() });
    expect(two?.covers).to.include({ whole: true });
  });

  it('is judged at the proven time: a claim that is later than the proof is refused', async () => {
    const early = stamperOf(tsa.authority, new Date('2026-04-01T00:00:00Z'));
    const lied = await extendPdf(certified, { certificates: [], crls: [], timeStamper: early });
    expect(faultsOf(judge(lied))).to.deep.equal(['time TIME_IN_FUTURE']);
  });

  it('outlives its signer, who was revoked after the proven time', async () => {
    const later = await crlOf(new Date('2026-05-20T00:00:00Z'));
    const policy = { certificates: anchors(), crls: [later], at: LONG_AFTER };
    expect(faultsOf(verifyPdf(extended, policy))).to.deep.equal([]);
    const before = await crlOf(new Date('2026-04-20T00:00:00Z'));
    expect(faultsOf(verifyPdf(extended, { ...policy, crls: [before] }))).to.deep.equal(['revocation REVOKED']);
  });

  it('says itself that its signer was revoked', async () => {
    const before = await crlOf(new Date('2026-04-20T00:00:00Z'));
    const told = withData(certified, { certificates: [], crls: [before] });
    expect(faultsOf(judge(told))).to.deep.equal(['revocation REVOKED']);
  });

  it('is not trusted for what it keeps: a root inside lends no trust', () => {
    const report = judge(extended, [tsa.root.certificate]);
    expect(report).to.include({ valid: false, trusted: false });
    expect(faultsOf(report)).to.deep.equal(['trust UNTRUSTED']);
  });

  it('is not trusted when nobody trusts the time-stamp’s authority', () => {
    expect(judge(extended, [signers.root.certificate])).to.include({ valid: false, trusted: false });
  });

  it('is refused when the time-stamp is over something else', () => {
    const other = exchange(extended, '/T (TimeStamp', '/T (TimeStomp');
    expect(faultsOf(judge(other))).to.include('time TIMESTAMP_INVALID');
  });

  it('is not called lasting while no time-stamp covers what it keeps', () => {
    const alone = withData(certified, { certificates: [signers.issuing.certificate], crls: [crl] });
    const report = judge(alone);
    expect(faultsOf(report)).to.deep.equal([]);
    expect(report.valid).to.equal(true);
    expect(warningsOf(report)).to.deep.equal(['VALIDATION_DATA_UNSIGNED']);
  });

  it('is warned of when it keeps what cannot be read, and refused when it is ours', async () => {
    const broken = (pdf: Uint8Array): Buffer => {
      const free = sizeOf(pdf);
      const text = Buffer.from(pdf).toString('latin1');
      const at = text.lastIndexOf('\n1 0 obj\n') + '\n1 0 obj\n'.length;
      const catalogue = text.slice(at, text.indexOf('\nendobj', at));
      const objects = {
        1: catalogue.replace('<<', `<< /DSS << /Certs [${free} 0 R] >>`),
        [free]: streamBody('no certificate'),
      };
      return revise(pdf, { objects });
    };
    const report = judge(broken(certified));
    expect(faultsOf(report)).to.deep.equal([]);
    expect(warningsOf(report)).to.have.members(['VALIDATION_DATA_UNSIGNED', 'VALIDATION_DATA_MALFORMED']);
    const ours = await certify(formDocument({ [AT.info]: '<< /Producer (Zhengku) >>' }), signer, 1);
    expect(judge(ours).valid).to.equal(true);
    expect(faultsOf(judge(broken(ours)))).to.deep.equal(['structure VALIDATION_DATA_MALFORMED']);
    const renamed = revise(broken(ours), { objects: { [AT.info]: '<< /Producer (Elsewhere) >>' } });
    expect(faultsOf(judge(renamed)), 'the first signature still covers our name').to.deep.equal([
      'structure VALIDATION_DATA_MALFORMED',
    ]);
  });

  it('may not show anything with its time-stamp where every change is forbidden', async () => {
    const free = sizeOf(certified);
    const body = roomBody('', 'ETSI.RFC3161', 6000).replace('/Type /Sig', '/Type /DocTimeStamp');
    const seen = `<< /Type /Annot /Subtype /Widget /FT /Sig /T (stamp) /F 132 /Rect [0 0 595 842] /AP << /N 11 0 R >> /V ${free + 1} 0 R >>`;
    const form = Buffer.from(certified).toString('latin1');
    const at = form.lastIndexOf(`\n${AT.fields} 0 obj\n`) + `\n${AT.fields} 0 obj\n`.length;
    const fields = form.slice(at, form.indexOf('\nendobj', at)).replace(']', `${free} 0 R ]`);
    const objects = { [AT.fields]: fields, [free]: seen, [free + 1]: body };
    const timeStamper = stamperOf(tsa.authority);
    const stamped = await fillSignature(revise(certified, { objects }), {
      forms: ['ETSI.RFC3161'],
      hash: timeStamper.hash,
      make: (digest) => timeStamper.stamp(digest),
    });
    expect(faultsOf(judge(stamped))).to.deep.equal(['coverage CHANGE_NOT_PERMITTED']);
  });

  it('may be signed further after its time-stamp, where that is allowed', async () => {
    const approved = await sign(formDocument(), signer);
    const data = { certificates: [], crls: [crl], timeStamper: stamperOf(tsa.authority) };
    const report = judge(await sign(await extendPdf(approved, data), signer));
    expect(faultsOf(report)).to.deep.equal([]);
    expect(report.signatures?.map(({ kind }) => kind)).to.deep.equal(['signature', 'time-stamp', 'signature']);
    expect(report.signatures?.map(({ provenAt }) => provenAt !== null)).to.deep.equal([true, true, false]);
  });
});

describe('a PDF with a seal of GB/T 38540', () => {
  let root: Awaited<ReturnType<typeof makeMember>>;
  let maker: Awaited<ReturnType<typeof makeMember>>;
  let sealed: Uint8Array;
  const judge = (pdf: Uint8Array, more = {}): VerificationReport =>
    verifyPdf(pdf, { certificates: [root.certificate], at: NOW, ...more });

  before(async () => {
    root = await makeMember('SM2', 'root', 'Root');
    maker = await makeMember('SM2', 'seal-maker', 'Maker', root);
    const leaf = await makeMember('SM2', 'signer', 'Signer', root);
    const seal = await makeSeal({
      ...{ maker, vendor: 'Zhengku', esId: '41010000000001', type: 1, name: '某市某局证照专用章' },
      certificates: [leaf.certificate],
      ...{ createdAt: BEFORE, validFrom: BEFORE, validTo: AFTER },
      picture: { type: 'png', data: ringPng(), widthMm: 42, heightMm: 42 },
    });
    const place = { page: 0, box: [120, 200, 50, 50] } as const;
    sealed = await sealPdf(formDocument(), {
      seal,
      signer: leaf,
      at: SIGNED_AT,
      reason: '盖章',
      location: '某市',
      place,
    });
  });

  it('is valid, and told of with its seal', () => {
    const report = judge(sealed);
    expect(faultsOf(report)).to.deep.equal([]);
    expect(report).to.include({ valid: true, trusted: true });
    const [told] = report.signatures ?? [];
    expect(told).to.include({ kind: 'seal', digestAlgorithm: 'SM3', signatureAlgorithm: 'SM2' });
    expect(told?.seal?.name).to.equal('某市某局证照专用章');
    expect(told?.chain.length).to.equal(1);
  });

  it('is refused when the page is another, and the digest is blamed', () => {
    expect(faultsOf(judge(exchange(sealed, 'Pay 100 yuan', 'Pay 900 yuan')))).to.deep.equal(['digest DIGEST_MISMATCH']);
  });

  it('is refused when nobody trusts its signer, or accepts its maker', async () => {
    const other = await makeMember('SM2', 'root', 'Other');
    expect(judge(sealed, { certificates: [other.certificate] })).to.include({ valid: false, trusted: false });
    expect(faultsOf(judge(sealed, { sealMakers: [other.certificate] }))).to.include('seal SEAL_MAKER_NOT_ACCEPTED');
    expect(faultsOf(judge(sealed, { sealMakers: [maker.certificate] }))).to.deep.equal([]);
  });

  it('is refused from a handler that nobody knows', () => {
    const handled = exchange(sealed, '/Filter /GM.PKILite', '/Filter /XX.PKILite');
    expect(faultsOf(judge(handled))).to.include('structure ALGORITHM_UNSUPPORTED');
  });

  it('is refused when a page is changed after it', () => {
    const forged = revise(sealed, { objects: { [AT.content]: streamBody('(Pay 900 yuan) Tj') } });
    expect(faultsOf(judge(forged))).to.deep.equal(['coverage PAGE_CHANGED']);
  });

  it('must have a stamp in its room: signed data is none', async () => {
    const signers = await makeSigners();
    const room = formDocument({
      [AT.fields]: '[6 0 R 7 0 R 20 0 R]',
      20: '<< /FT /Sig /T (hand) /Rect [0 0 0 0] /V 21 0 R >>',
      21: roomBody().replace('Adobe.PPKLite', 'GM.PKILite'),
    });
    const cms = await signPdf(room, signers.signer);
    const renamed = Buffer.from(cms);
    const name = 'ETSI.CAdES.detached';
    renamed.write('GM.sm2seal'.padEnd(name.length), renamed.indexOf(name), 'latin1');
    expect(faultsOf(judge(renamed))).to.include('structure SIGNATURE_MALFORMED');
  });
});
