/** What programs of others say of a PDF, and its signatures taken out for them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { CMS_OID } from '../../../signing/cms/cms-oids.ts';
import { parseSignedData } from '../../../signing/cms/read-signed-data.ts';
import { toPem } from '../../../signing/keys/pem.ts';
import { requireProgram } from '../../world/programs.ts';
import { type TemporaryFolder, temporaryFolder } from '../../world/temporary-folder.ts';

export interface TakenOut {
  /** Everything under the signature. */
  readonly content: Uint8Array;
  /** DER, without its padding. */
  readonly structure: Uint8Array;
  /** Where the revision that it signs ends. */
  readonly end: number;
}

/** Every signature of a file of ours, in the order of the file. */
export function signaturesIn(pdf: Uint8Array): TakenOut[] {
  const text = Buffer.from(pdf).toString('latin1');
  return [...text.matchAll(/\/ByteRange \[ 0 (\d+) (\d+) (\d+) *\]/g)].map(([, start, after, rest]) => {
    const [gap, back, length] = [Number(start), Number(after), Number(rest)];
    const padded = Buffer.from(text.slice(gap + 1, back - 1), 'hex');
    const structure = padded.subarray(0, 4 + padded.readUInt16BE(2));
    return {
      structure,
      content: Buffer.concat([pdf.subarray(0, gap), pdf.subarray(back, back + length)]),
      end: back + length,
    };
  });
}

export class Judges {
  private readonly folder: TemporaryFolder = temporaryFolder();
  private readonly context: Mocha.Context;

  constructor(context: Mocha.Context) {
    this.context = context;
  }

  remove(): void {
    this.folder.remove();
  }

  /** Put a file where programs find it. */
  put(name: string, bytes: Uint8Array | string): string {
    const path = join(this.folder.path, name);
    writeFileSync(path, bytes);
    return path;
  }

  path(name: string): string {
    return join(this.folder.path, name);
  }

  run(program: string, ...args: string[]): string {
    return execFileSync(requireProgram(this.context, program), args, { encoding: 'utf8', stdio: 'pipe' });
  }

  /** qpdf finds nothing wrong with the file, nor with any signed revision of it. */
  expectSound(pdf: Uint8Array): void {
    for (const end of new Set([...signaturesIn(pdf).map((signature) => signature.end), pdf.length])) {
      const result = spawnSync(
        requireProgram(this.context, 'qpdf'),
        ['--check', this.put('sound.pdf', pdf.subarray(0, end))],
        {
          encoding: 'utf8',
        },
      );
      expect(result.stderr, `qpdf on the first ${end} bytes`).to.equal('');
      expect(result.stdout).to.include('No syntax or stream encoding errors found');
    }
  }

  /** What pdfsig says of each signature field that is filled. */
  pdfsig(pdf: Uint8Array): string[] {
    const told = this.run('pdfsig', '-nocert', this.put('signed.pdf', pdf))
      .split(/Signature #\d+:/)
      .slice(1);
    return told.filter((said) => !said.includes('form field is not signed'));
  }

  /** pdfsig finds every signature valid, and the last one over the whole file. */
  expectSigned(pdf: Uint8Array, count: number): void {
    const told = this.pdfsig(pdf);
    expect(told).to.have.length(count);
    for (const [i, said] of told.entries()) {
      expect(said).to.include('Signature is Valid');
      expect(said).to.include(i === count - 1 ? '- Total document signed' : 'Not total document signed');
    }
  }

  /** openssl cms verifies the structure over the content. */
  expectCms({ content, structure }: TakenOut, root: Uint8Array, at: Date): void {
    const files = ['-in', this.put('cms.der', structure), '-content', this.put('content', content)];
    const trust = ['-CAfile', this.put('root.pem', toPem('CERTIFICATE', root)), '-attime', String(at.getTime() / 1000)];
    const args = [
      'cms',
      '-verify',
      '-cades',
      '-inform',
      'DER',
      '-binary',
      ...files,
      ...trust,
      '-out',
      this.path('out'),
    ];
    const result = spawnSync(requireProgram(this.context, 'openssl'), args, { encoding: 'utf8' });
    expect(result.stderr).to.match(/Verification successful/);
  }

  /** The openssl program verifies an SM2 signature over bytes. */
  expectSm2(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): void {
    const key = ['-pubin', '-inkey', this.put('key.pem', toPem('PUBLIC KEY', publicKey))];
    const how = ['-rawin', '-digest', 'sm3', '-pkeyopt', 'distid:1234567812345678'];
    const what = ['-in', this.put('message', message), '-sigfile', this.put('signature', signature)];
    expect(this.run('openssl', 'pkeyutl', '-verify', ...key, ...how, ...what)).to.match(/Verified Successfully/);
  }

  /** An SM2 CMS taken apart: the digest is of the content, the signature over the attributes under the SET tag. */
  expectSm2Cms(taken: TakenOut | undefined, publicKey: Uint8Array): void {
    if (taken === undefined) throw new Error('no signature');
    const signed = parseSignedData(taken.structure);
    const stated = signed.signedAttributes.get(CMS_OID.messageDigest)?.[0]?.value ?? new Uint8Array();
    const digest = this.run('openssl', 'dgst', '-sm3', '-r', this.put('content', taken.content)).split(' ')[0];
    expect(Buffer.from(stated).toString('hex')).to.equal(digest);
    expect(signed.signedAttributes.has(CMS_OID.signingCertificateV2)).to.equal(true);
    expect(signed.signedBytes[0]).to.equal(0x31);
    this.expectSm2(publicKey, signed.signedBytes, signed.signature);
  }

  /** Its first page as pdftoppm draws it, 72 dots an inch. */
  draw(pdf: Uint8Array): string {
    this.run('pdftoppm', '-r', '72', '-png', '-singlefile', this.put('drawn.pdf', pdf), this.path('drawn'));
    return this.path('drawn.png');
  }
}
