import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { PDFDocument } from 'pdf-lib';
import { toPem } from '../../../signing/keys/pem.ts';
import { prepareSignature } from '../../../signing/pdf/prepare-signature.ts';
import { signPdf } from '../../../signing/pdf/sign-pdf.ts';
import { verifyPdf } from '../../../signing/pdf/verify-pdf.ts';
import { passed } from '../../../signing/verify/check-words.ts';
import type { VerificationReport } from '../../../signing/verify/report.ts';
import { issueCrl } from '../../../signing/x509/issue-crl.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { requireProgram } from '../../world/programs.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { makeMember, NOW } from '../x509/certificates.ts';
import { cmsOf, gapOf, makeSigners, plainDocument, preparedPdf, SIGNED_AT, signedPdf, withCms } from './signed-pdf.ts';

/** What did not pass, as `name CODE`. */
function faultsOf(report: VerificationReport): string[] {
  return report.checks.filter(({ outcome }) => outcome === 'failed').map(({ name, code }) => `${name} ${code}`);
}

describe('verifying a PDF', () => {
  let signers: Awaited<ReturnType<typeof makeSigners>>;
  let pdf: Uint8Array;
  const policy = (): { certificates: Uint8Array[]; at: Date } => ({
    certificates: [signers.root.certificate],
    at: NOW,
  });

  before(async () => {
    signers = await makeSigners();
    pdf = await signedPdf(signers.signer);
  });

  it('finds a genuine file valid and trusted', () => {
    const report = verifyPdf(pdf, policy());
    expect(faultsOf(report)).to.deep.equal([]);
    expect(report).to.include({ format: 'pdf', signed: true, valid: true, trusted: true });
    expect(report.checks.map(({ name }) => name)).to.include.members([
      'digest',
      'signature',
      'trust',
      'time',
      'coverage',
    ]);
  });

  it('leaves trust open when no anchors are given', () => {
    const report = verifyPdf(pdf, { at: NOW });
    expect(report).to.include({ valid: true, trusted: null });
  });

  it('reads cross-reference and object streams too', async () => {
    const report = verifyPdf(await (await plainDocument()).save({ useObjectStreams: true }), policy());
    expect(faultsOf(report)).to.deep.equal(['structure UNSIGNED']);
  });

  it('calls an unsigned file unsigned, not valid', async () => {
    const report = verifyPdf(await (await plainDocument()).save({ useObjectStreams: false }), policy());
    expect(report).to.include({ signed: false, valid: false });
  });

  it('does not stumble over what is no PDF', () => {
    for (const bytes of [new Uint8Array(0), Buffer.from('%PDF-1.7\n'), Buffer.from('hello'), pdf.subarray(0, 700)]) {
      expect(faultsOf(verifyPdf(bytes, policy()))).to.deep.equal(['structure UNREADABLE']);
    }
  });

  it('refuses every change of a byte inside the signature that is not the case of a digit', () => {
    const changed = Buffer.from(pdf);
    const [start, end] = gapOf(pdf);
    for (let at = start; at < end; at += 1) {
      const was = changed.readUInt8(at);
      const is = [was ^ 0x01, was ^ 0x20, was ^ 0x53, 0x20][at % 4] ?? 0;
      changed.writeUInt8(is, at);
      const sameDigit = String.fromCharCode(is).toLowerCase() === String.fromCharCode(was).toLowerCase();
      if (!sameDigit) expect(verifyPdf(changed, { at: NOW }).valid, `byte ${at}`).to.equal(false);
      changed.writeUInt8(was, at);
    }
  }).timeout(60_000);

  it('refuses changes of bytes outside of the signature', () => {
    const changed = Buffer.from(pdf);
    const [start, end] = gapOf(pdf);
    for (let at = 0; at < pdf.length; at += at + 1 >= start && at < end ? end - at : 17) {
      const was = changed.readUInt8(at);
      changed.writeUInt8(was ^ (1 + (at % 255)), at);
      expect(verifyPdf(changed, { at: NOW }).valid, `byte ${at}`).to.equal(false);
      changed.writeUInt8(was, at);
    }
  });

  it('refuses an appended revision, though the signature itself still holds', async () => {
    const document = await PDFDocument.load(pdf, { forIncrementalUpdate: true });
    document.getPages()[0]?.drawText('forged', { x: 60, y: 400 });
    const longer = await document.save({ useObjectStreams: false });
    expect(Buffer.compare(longer.subarray(0, pdf.length), pdf)).to.equal(0);
    expect(faultsOf(verifyPdf(longer, policy()))).to.deep.equal(['coverage PAGE_CHANGED']);
  });

  it('refuses a single byte behind the end', () => {
    expect(faultsOf(verifyPdf(Buffer.concat([pdf, Buffer.from('\n')]), policy()))).to.deep.equal([
      'coverage TRAILING_BYTES',
    ]);
  });

  it('refuses a byte range whose parts were exchanged', () => {
    const text = Buffer.from(pdf).toString('latin1');
    const swapped = text.replace(/\/ByteRange \[ 0 (\d+) (\d+) (\d+)/, '/ByteRange [ $2 $3 0 $1');
    const faults = faultsOf(verifyPdf(Buffer.from(swapped, 'latin1'), policy()));
    expect(faults).to.include('coverage BYTE_RANGE_WRONG');
    expect(verifyPdf(Buffer.from(swapped, 'latin1'), policy()).valid).to.equal(false);
  });

  it('refuses another signature’s structure over this document', async () => {
    const other = await signedPdf(signers.signer, { reason: 'something else' });
    expect(faultsOf(verifyPdf(withCms(pdf, cmsOf(other)), policy()))).to.deep.equal(['digest DIGEST_MISMATCH']);
  });

  it('refuses a signature made with SHA-1', function () {
    const openssl = requireProgram(this, 'openssl');
    const folder = temporaryFolder();
    const at = (name: string): string => join(folder.path, name);
    const [start, end] = gapOf(pdf);
    writeFileSync(at('content'), Buffer.concat([pdf.subarray(0, start), pdf.subarray(end)]));
    writeFileSync(at('leaf.pem'), toPem('CERTIFICATE', signers.leaf.certificate));
    writeFileSync(at('leaf.key'), toPem('PRIVATE KEY', signers.leaf.pkcs8));
    const make = (digest: string, file: string): Uint8Array => {
      const options = ['-binary', '-outform', 'DER', '-md', digest, '-cades', '-out', at(file)];
      const who = ['-signer', at('leaf.pem'), '-inkey', at('leaf.key')];
      execFileSync(openssl, ['cms', '-sign', '-in', at('content'), ...who, ...options]);
      return execFileSync('cat', [at(file)]);
    };
    expect(faultsOf(verifyPdf(withCms(pdf, make('sha1', 'weak.der')), policy()))).to.include('digest DIGEST_WEAK');
    // The same made with SHA-256 is sound; its certificate is judged at the time when the test runs, so not here.
    const sound = verifyPdf(withCms(pdf, make('sha256', 'sound.der')), policy());
    expect(sound.checks).to.deep.include.members([passed('digest', 'signature 1'), passed('signature', 'signature 1')]);
    folder.remove();
  });

  it('refuses a certificate that had ended when it signed', async () => {
    const brief = await makeMember('RSA', 'signer', 'Brief', signers.issuing, {
      notAfter: new Date('2026-04-01T00:00:00Z'),
    });
    const then = {
      ...signers.signer,
      key: brief.key,
      certificate: brief.certificate,
      at: new Date('2026-03-01T00:00:00Z'),
    };
    const late = await signedPdf(then, { at: SIGNED_AT });
    expect(faultsOf(verifyPdf(late, policy()))).to.include('certificate CERTIFICATE_OUTSIDE_VALIDITY');
  });

  it('still accepts a signature whose certificate ended after signing', () => {
    const report = verifyPdf(pdf, { ...policy(), at: new Date('2035-01-01T00:00:00Z') });
    expect(faultsOf(report)).to.deep.equal([]);
  });

  it('refuses a time of signing in the future', () => {
    const early = { ...policy(), at: new Date(SIGNED_AT.getTime() - 6 * 60_000) };
    expect(faultsOf(verifyPdf(pdf, early))).to.deep.equal(['time TIME_IN_FUTURE']);
  });

  it('refuses a signature value made with another key', async () => {
    const other = await makeMember('RSA', 'signer', 'Other', signers.issuing);
    const wrong = { ...other.key, publicKey: signers.leaf.key.publicKey };
    const forged = await signedPdf({ ...signers.signer, key: wrong });
    expect(faultsOf(verifyPdf(forged, policy()))).to.deep.equal(['signature SIGNATURE_INVALID']);
  });

  it('does not trust a signer under another root', async () => {
    const stranger = await makeMember('RSA', 'root', 'Stranger');
    const report = verifyPdf(pdf, { certificates: [stranger.certificate], at: NOW });
    expect(report).to.include({ valid: false, trusted: false });
  });

  it('refuses a certificate that rides along without belonging to the chain', async () => {
    const stranger = await makeMember('RSA', 'root', 'Stranger');
    const signer = { ...signers.signer, chain: [signers.issuing.certificate, stranger.certificate] };
    const report = verifyPdf(await signedPdf(signer, { contentsBytes: 6000 }), policy());
    expect(faultsOf(report)).to.deep.equal(['certificate CERTIFICATE_CHAIN_BROKEN']);
  });

  it('refuses a certificate revoked before signing, and not one revoked later', async () => {
    const list = (revokedAt: Date): Promise<Uint8Array> =>
      issueCrl({
        issuer: signers.issuing.certificate,
        signer: signers.issuing.key,
        number: 1n,
        thisUpdate: NOW,
        nextUpdate: new Date('2027-01-01T00:00:00Z'),
        revoked: [{ serial: parseCertificate(signers.leaf.certificate).serial, revokedAt }],
      });
    const [before, later] = [
      await list(new Date('2026-04-01T00:00:00Z')),
      await list(new Date('2026-05-20T00:00:00Z')),
    ];
    expect(faultsOf(verifyPdf(pdf, { ...policy(), crls: [before] }))).to.deep.equal(['revocation REVOKED']);
    expect(faultsOf(verifyPdf(pdf, { ...policy(), crls: [later] }))).to.deep.equal([]);
  });

  describe('with a second signature', () => {
    const addSignature = async (first: Uint8Array, alter: (pdf: PDFDocument) => void): Promise<Uint8Array> => {
      const document = await PDFDocument.load(first, { forIncrementalUpdate: true });
      const words = { name: '另一局', reason: '会签', location: '某市', at: SIGNED_AT };
      await prepareSignature(document, { page: 0, ...words });
      alter(document);
      return signPdf(await document.save({ useObjectStreams: false }), signers.signer);
    };

    it('accepts both, and says that the second was added', async () => {
      const report = verifyPdf(await addSignature(pdf, () => undefined), policy());
      expect(faultsOf(report)).to.deep.equal([]);
      expect(report.checks.filter(({ name }) => name === 'coverage').map(({ outcome }) => outcome)).to.deep.equal([
        'warned',
        'passed',
      ]);
    });

    it('refuses the first when the page was changed under cover of the second', async () => {
      const changed = await addSignature(pdf, (document) => {
        document.getPages()[0]?.drawText('forged', { x: 60, y: 400 });
      });
      expect(faultsOf(verifyPdf(changed, policy()))).to.deep.equal(['coverage PAGE_CHANGED']);
    });

    it('refuses any addition when the first certifies that nothing may change', async () => {
      const certified = await signedPdf(signers.signer, { certify: 1 });
      const added = await addSignature(certified, () => undefined);
      expect(faultsOf(verifyPdf(added, policy()))).to.deep.equal(['coverage CHANGE_NOT_PERMITTED']);
    });
  });

  it('verifies SM2 signatures in the same structure', async () => {
    const root = await makeMember('SM2', 'root', '根');
    const leaf = await makeMember('SM2', 'signer', '签章人', root);
    const signed = await signPdf(await preparedPdf(), {
      key: leaf.key,
      certificate: leaf.certificate,
      chain: [],
      at: SIGNED_AT,
    });
    const report = verifyPdf(signed, { certificates: [root.certificate], at: NOW });
    expect(faultsOf(report)).to.deep.equal([]);
    expect(report.trusted).to.equal(true);
  });
});
