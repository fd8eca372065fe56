import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { SigningError } from '../../../signing/error.ts';
import { toPem } from '../../../signing/keys/pem.ts';
import { signPdf } from '../../../signing/pdf/sign-pdf.ts';
import { requireProgram } from '../../world/programs.ts';
import { type TemporaryFolder, temporaryFolder } from '../../world/temporary-folder.ts';
import { AFTER } from '../x509/certificates.ts';
import { cmsOf, gapOf, makeSigners, plainDocument, preparedPdf, signedPdf } from './signed-pdf.ts';

describe('signing a PDF', () => {
  let signers: Awaited<ReturnType<typeof makeSigners>>;
  let folder: TemporaryFolder;
  let file: string;
  let pdf: Uint8Array;

  before(async () => {
    signers = await makeSigners();
    folder = temporaryFolder();
    file = join(folder.path, 'signed.pdf');
    pdf = await signedPdf(signers.signer, { certify: 1 });
    writeFileSync(file, pdf);
  });
  after(() => folder.remove());

  it('satisfies pdfsig: the signature is valid and the total document signed', function () {
    const told = execFileSync(requireProgram(this, 'pdfsig'), ['-nocert', file], { encoding: 'utf8' });
    expect(told).to.include('Signature is Valid');
    expect(told).to.include('Total document signed');
    expect(told).to.include('ETSI.CAdES.detached');
    expect(told.match(/Signature #/g)).to.have.length(1);
  });

  it('satisfies openssl cms, as plain CMS and as CAdES', function () {
    const openssl = requireProgram(this, 'openssl');
    const [start, end] = gapOf(pdf);
    const at = (name: string): string => join(folder.path, name);
    writeFileSync(at('cms.der'), cmsOf(pdf));
    writeFileSync(at('content'), Buffer.concat([pdf.subarray(0, start), pdf.subarray(end)]));
    writeFileSync(at('root.pem'), toPem('CERTIFICATE', signers.root.certificate));
    const moment = String(Math.floor(signers.signer.at.getTime() / 1000));
    const files = ['-in', at('cms.der'), '-content', at('content'), '-CAfile', at('root.pem'), '-out', at('out')];
    for (const form of [[], ['-cades']]) {
      const args = ['cms', '-verify', ...form, '-inform', 'DER', '-binary', ...files, '-attime', moment];
      const result = spawnSync(openssl, args, { encoding: 'utf8' });
      expect(result.stderr).to.match(/Verification successful/);
      expect(result.status).to.equal(0);
    }
  });

  it('satisfies qpdf --check', function () {
    const told = execFileSync(requireProgram(this, 'qpdf'), ['--check', file], { encoding: 'utf8' });
    expect(told).to.include('No syntax or stream encoding errors found');
  });

  it('gives the same bytes again for the same document, key and time', async () => {
    const prepared = await preparedPdf();
    const [one, two] = [await signPdf(prepared, signers.signer), await signPdf(prepared, signers.signer)];
    expect(Buffer.compare(one, two)).to.equal(0);
    expect(Buffer.compare(prepared, one)).to.not.equal(0);
  });

  const codeOf = (act: Promise<unknown>): Promise<string> =>
    act.then(
      () => 'nothing thrown',
      (error: unknown) => (error instanceof SigningError ? error.code : String(error)),
    );

  it('refuses a document that was not prepared', async () => {
    const plain = await (await plainDocument()).save({ useObjectStreams: false });
    expect(await codeOf(signPdf(plain, signers.signer))).to.equal('MALFORMED');
  });

  it('refuses when the signature does not fit its place', async () => {
    expect(await codeOf(signedPdf(signers.signer, { contentsBytes: 900 }))).to.equal('TOO_LARGE');
  });

  it('refuses the certificate of another key', async () => {
    const signer = { ...signers.signer, certificate: signers.issuing.certificate };
    expect(await codeOf(signedPdf(signer))).to.equal('KEY_UNUSABLE');
  });

  it('refuses to sign after the certificate has ended', async () => {
    const signer = { ...signers.signer, at: new Date(AFTER.getTime() + 1000) };
    expect(await codeOf(signedPdf(signer))).to.equal('CERTIFICATE_UNFIT');
  });

  it('refuses a page that is not there', async () => {
    expect(await codeOf(preparedPdf({ page: 3 }))).to.equal('MALFORMED');
  });
});
