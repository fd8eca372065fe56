import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { toPem } from '../../../signing/keys/pem.ts';
import { signPdf } from '../../../signing/pdf/sign-pdf.ts';
import { verifyPdf } from '../../../signing/pdf/verify-pdf.ts';
import { requireProgram } from '../../world/programs.ts';
import { type TemporaryFolder, temporaryFolder } from '../../world/temporary-folder.ts';
import { makeMember } from '../x509/certificates.ts';
import { preparedPdf, SIGNED_AT } from './signed-pdf.ts';

/** OpenSSL stamps with the time of the machine: certificates and judgement reach far around it. */
const LONG = { notBefore: new Date('2020-01-01T00:00:00Z'), notAfter: new Date('2090-01-01T00:00:00Z') };
const MUCH_LATER = new Date('2089-01-01T00:00:00Z');

const CONFIGURATION = `[tsa]
default_tsa = authority
[authority]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
ess_cert_id_alg = sha256
`;

describe('a PDF with a time-stamp', () => {
  let folder: TemporaryFolder;
  let root: Awaited<ReturnType<typeof makeMember>>;
  let leaf: Awaited<ReturnType<typeof makeMember>>;
  let authority: Awaited<ReturnType<typeof makeMember>>;

  before(async function () {
    requireProgram(this, 'openssl');
    folder = temporaryFolder();
    root = await makeMember('RSA', 'root', 'Root', undefined, LONG);
    leaf = await makeMember('RSA', 'signer', 'Signer', root, LONG);
    authority = await makeMember('RSA', 'time-stamping', 'Clock', root, LONG);
  });
  after(() => folder?.remove());

  /** A TimeStampToken over a digest, made by OpenSSL. */
  const stampBy = (member: typeof authority) => (digest: Uint8Array) => {
    const at = (name: string): string => join(folder.path, name);
    writeFileSync(at('tsa.cnf'), CONFIGURATION);
    writeFileSync(at('serial'), '01\n');
    writeFileSync(at('tsa.pem'), toPem('CERTIFICATE', member.certificate));
    writeFileSync(at('tsa.key'), toPem('PRIVATE KEY', member.pkcs8));
    const run = (...args: string[]): Buffer =>
      execFileSync('openssl', ['ts', ...args], { cwd: folder.path, stdio: 'pipe' });
    const hex = Buffer.from(digest).toString('hex');
    run('-query', '-digest', hex, '-sha256', '-cert', '-config', 'tsa.cnf', '-out', 'query');
    const who = ['-signer', 'tsa.pem', '-inkey', 'tsa.key', '-config', 'tsa.cnf'];
    run('-reply', '-queryfile', 'query', ...who, '-token_out', '-out', 'token');
    return Promise.resolve(new Uint8Array(readFileSync(at('token'))));
  };
  const signWith = async (timeStamp: (digest: Uint8Array) => Promise<Uint8Array>): Promise<Uint8Array> => {
    const signer = {
      key: leaf.key,
      certificate: leaf.certificate,
      chain: [],
      at: SIGNED_AT,
      timeStamper: { hash: 'sha256' as const, stamp: timeStamp },
    };
    return signPdf(await preparedPdf({ contentsBytes: 8000 }), signer);
  };
  const timesOf = (pdf: Uint8Array, anchors: readonly Uint8Array[]): string[] =>
    verifyPdf(pdf, { certificates: anchors, at: MUCH_LATER })
      .checks.filter(({ name }) => name === 'time')
      .map(({ outcome, code }) => code ?? outcome);

  it('is judged at the time that the stamp proves', async () => {
    const pdf = await signWith(stampBy(authority));
    expect(timesOf(pdf, [root.certificate])).to.deep.equal(['passed']);
    expect(verifyPdf(pdf, { certificates: [root.certificate], at: MUCH_LATER }).valid).to.equal(true);
  });

  it('falls back to the claim when the authority is not trusted', async () => {
    const stranger = await makeMember('RSA', 'root', 'Stranger', undefined, LONG);
    const clock = await makeMember('RSA', 'time-stamping', 'Strange clock', stranger, LONG);
    expect(timesOf(await signWith(stampBy(clock)), [root.certificate])).to.deep.equal(['passed', 'TIME_NOT_TRUSTED']);
  });

  it('is refused when the stamp is over something else', async () => {
    const pdf = await signWith((digest) => stampBy(authority)(Uint8Array.from(digest).reverse()));
    expect(timesOf(pdf, [root.certificate])).to.include('TIMESTAMP_INVALID');
    expect(verifyPdf(pdf, { certificates: [root.certificate], at: MUCH_LATER }).valid).to.equal(false);
  });
});
