import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkSigner } from '../../../signing/cms/check-signer.ts';
import { parseSignedData } from '../../../signing/cms/read-signed-data.ts';
import { shellLength } from '../../../signing/cms/to-der-shell.ts';
import { writeSignedData } from '../../../signing/cms/write-signed-data.ts';
import { childrenOf, parseDer } from '../../../signing/der/read-der.ts';
import { SigningError } from '../../../signing/error.ts';
import { toPem } from '../../../signing/keys/pem.ts';
import { requireProgram } from '../../world/programs.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { makeMember } from '../x509/certificates.ts';

const CONTENT = Buffer.from('a licence');
const AT = new Date('2026-05-01T00:00:00Z');

/** The element again, with an open length, and so its first members down to `depth`. */
function opened(der: Uint8Array, depth: number): Uint8Array {
  const node = parseDer(der);
  const members = childrenOf(node).map(({ raw }, at, all) =>
    depth > 0 && at === all.length - 1 ? opened(raw, depth - 1) : raw,
  );
  return Buffer.concat([Buffer.of(node.tag, 0x80), ...members, Buffer.of(0, 0)]);
}

describe('signed data', () => {
  let leaf: Awaited<ReturnType<typeof makeMember>>;
  let der: Uint8Array;
  const rules = {
    digestContent: (hash: string) => createHash(hash).update(CONTENT).digest(),
    certificateBound: true,
    where: 'here',
  };
  const outcomes = (bytes: Uint8Array): string[] =>
    checkSigner(parseSignedData(bytes), rules).checks.map(({ name, outcome, code }) => `${name} ${code ?? outcome}`);
  const codeOf = (bytes: Uint8Array): string => {
    try {
      parseSignedData(bytes);
      return 'nothing thrown';
    } catch (error) {
      return error instanceof SigningError ? error.code : String(error);
    }
  };

  before(async () => {
    leaf = await makeMember('RSA', 'signer', 'Signer');
    const signer = { key: leaf.key, certificate: leaf.certificate, chain: [], at: AT };
    der = await writeSignedData(signer, createHash('sha256').update(CONTENT).digest());
  });

  it('verifies what it wrote', () => {
    expect(parseSignedData(der).berShell).to.equal(false);
    expect(outcomes(der)).to.deep.equal(['digest passed', 'signature passed']);
  });

  it('verifies what it wrote with an SM2 key', async () => {
    const { key, certificate } = await makeMember('SM2', 'signer', '签章人');
    const signer = { key, certificate, chain: [], at: AT };
    const written = await writeSignedData(signer, createHash('sm3').update(CONTENT).digest());
    expect(outcomes(written)).to.deep.equal(['digest passed', 'signature passed']);
  });

  it('puts certificates in to the byte, also such as a library would write otherwise', async () => {
    const long = Buffer.from('308103020101', 'hex');
    const loose = Buffer.from('300702020001010101', 'hex');
    const write = (chain: readonly Uint8Array[]) =>
      writeSignedData({ key: leaf.key, certificate: leaf.certificate, chain, at: AT }, Buffer.alloc(32));
    expect(Buffer.from(await write([loose])).includes(loose)).to.equal(true);
    await write([long]).then(
      () => expect.fail('written'),
      (error: unknown) => expect(error).to.have.property('code', 'MALFORMED'),
    );
  });

  it('is not changed by what a caller does to its bytes afterwards', async () => {
    const chain = [Uint8Array.from((await makeMember('RSA', 'root', 'Root')).certificate)];
    const write = (certificates: readonly Uint8Array[]) =>
      writeSignedData({ key: leaf.key, certificate: leaf.certificate, chain: certificates, at: AT }, Buffer.alloc(32));
    const before = await write(chain);
    const again = chain.map((certificate) => Uint8Array.from(certificate));
    chain[0]?.fill(0);
    expect(Buffer.compare(await write(again), before)).to.equal(0);
  });

  it('reads a BER shell and says so, at every depth of the shell', () => {
    for (const depth of [0, 1, 2]) {
      const ber = opened(der, depth);
      expect(shellLength(Buffer.concat([ber, Buffer.alloc(40)]))).to.equal(ber.length);
      expect(parseSignedData(ber).berShell).to.equal(true);
      expect(outcomes(ber)).to.deep.equal(['digest passed', 'signature passed']);
    }
  });

  it('refuses BER inside of what is signed', () => {
    const hex = Buffer.from(der).toString('hex');
    const signed = Buffer.from(parseSignedData(der).signedBytes).toString('hex');
    const inner = `a080${signed.slice(signed.startsWith('3181') ? 6 : signed.startsWith('3182') ? 8 : 4)}0000`;
    const changed = hex.replace(`a0${signed.slice(2)}`, inner);
    expect(changed).to.not.equal(hex);
    expect(codeOf(Buffer.from(changed, 'hex'))).to.equal('MALFORMED');
  });

  it('refuses trailing bytes, and what is cut short', () => {
    expect(codeOf(Buffer.concat([der, Buffer.of(0)]))).to.equal('MALFORMED');
    expect(codeOf(der.subarray(0, -1))).to.equal('MALFORMED');
    expect(codeOf(new Uint8Array(0))).to.equal('MALFORMED');
  });

  it('refuses an algorithm renamed to another that means the same', () => {
    const hex = Buffer.from(der).toString('hex');
    const rsaEncryption = '06092a864886f70d0101010500';
    const at = hex.lastIndexOf(rsaEncryption);
    const renamed = `${hex.slice(0, at)}06092a864886f70d01010b0500${hex.slice(at + rsaEncryption.length)}`;
    expect(outcomes(Buffer.from(renamed, 'hex'))).to.deep.equal(['digest passed', 'signature SIGNATURE_INVALID']);
  });

  it('verifies RSASSA-PSS made by OpenSSL', function () {
    const openssl = requireProgram(this, 'openssl');
    const folder = temporaryFolder();
    const at = (name: string): string => join(folder.path, name);
    writeFileSync(at('content'), CONTENT);
    writeFileSync(at('leaf.pem'), toPem('CERTIFICATE', leaf.certificate));
    writeFileSync(at('leaf.key'), toPem('PRIVATE KEY', leaf.pkcs8));
    const options = ['-binary', '-outform', 'DER', '-md', 'sha256', '-cades'];
    const files = [
      '-in',
      at('content'),
      '-signer',
      at('leaf.pem'),
      '-inkey',
      at('leaf.key'),
      '-keyopt',
      'rsa_padding_mode:pss',
      '-out',
      at('pss.der'),
    ];
    execFileSync(openssl, ['cms', '-sign', ...options, ...files]);
    const pss = readFileSync(at('pss.der'));
    expect(outcomes(pss)).to.deep.equal(['digest passed', 'signature passed']);
    pss.writeUInt8(pss.readUInt8(pss.length - 5) ^ 1, pss.length - 5);
    expect(outcomes(pss)).to.deep.equal(['digest passed', 'signature SIGNATURE_INVALID']);
    folder.remove();
  });
});
