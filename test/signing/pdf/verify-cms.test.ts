import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { CMS_OID } from '../../../signing/cms/cms-oids.ts';
import { OID } from '../../../signing/der/oids.ts';
import { explicit, integer, octetString, oid, sequence, setOf } from '../../../signing/der/write-der.ts';
import { appendSignature } from '../../../signing/pdf/append-signature.ts';
import { verifyPdf } from '../../../signing/pdf/verify-pdf.ts';
import type { VerificationReport } from '../../../signing/verify/report.ts';
import { parseCertificate } from '../../../signing/x509/parse-certificate.ts';
import { requireProgram } from '../../world/programs.ts';
import { makeMember, NOW } from '../x509/certificates.ts';
import { formDocument, prepared } from './form-pdf.ts';
import { type OpensslWorld, opensslWorld } from './openssl-cms.ts';
import { exchange, faultsOf, fillRoom, warningsOf } from './raw-pdf.ts';

const PLAIN = 'adbe.pkcs7.detached';
const RSA = ['-algorithm', 'RSA', '-pkeyopt'];
const EC = ['-algorithm', 'EC', '-pkeyopt'];

describe('a PDF signed by OpenSSL', () => {
  let world: OpensslWorld;
  let printed: Uint8Array;

  before(function () {
    this.timeout(60_000);
    world = opensslWorld(requireProgram(this, 'openssl'));
    const chromium = requireProgram(this, 'chromium');
    const page = join(world.folder.path, 'page.html');
    writeFileSync(page, '<h1>A licence printed by a browser</h1><p>No. 1</p>');
    const out = join(world.folder.path, 'page.pdf');
    const quiet = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-pdf-header-footer'];
    execFileSync(chromium, [...quiet, `--print-to-pdf=${out}`, pathToFileURL(page).href], { stdio: 'pipe' });
    printed = execFileSync('cat', [out]);
    for (const bits of ['512', '1024', '2048', '3072'])
      world.makeSigner(`rsa${bits}`, ...RSA, `rsa_keygen_bits:${bits}`);
    for (const curve of ['P-256', 'P-384', 'P-521', 'secp256k1']) {
      world.makeSigner(curve, ...EC, `ec_paramgen_curve:${curve}`, '-pkeyopt', 'ec_param_enc:named_curve');
    }
  });
  after(() => world?.folder.remove());

  /** Signed now: OpenSSL dates its certificates by the machine. */
  const room = (form: typeof PLAIN | 'ETSI.CAdES.detached' = PLAIN): Uint8Array =>
    appendSignature(printed, { page: 0, name: 'x', reason: 'y', location: 'z', at: new Date(), form });
  const signed = (name: string, options: readonly string[] = [], form?: Parameters<typeof room>[0]): Uint8Array =>
    fillRoom(room(form), (content) => world.sign(name, content, ...options));
  const judge = (pdf: Uint8Array): VerificationReport =>
    verifyPdf(pdf, { certificates: [world.root], at: new Date(Date.now() + 60_000) });

  const good: Readonly<Record<string, [signer: string, options: readonly string[], algorithm: string]>> = {
    'RSA PKCS #1 with SHA-256': ['rsa2048', ['-md', 'sha256'], 'RSA'],
    'RSA PKCS #1 with SHA-384': ['rsa3072', ['-md', 'sha384'], 'RSA'],
    'RSA PKCS #1 with SHA-512': ['rsa2048', ['-md', 'sha512'], 'RSA'],
    'RSA PSS': ['rsa2048', ['-md', 'sha256', '-keyopt', 'rsa_padding_mode:pss'], 'RSA-PSS'],
    'RSA PSS with SHA-512 and a short salt': [
      'rsa3072',
      ['-md', 'sha512', '-keyopt', 'rsa_padding_mode:pss', '-keyopt', 'rsa_pss_saltlen:20'],
      'RSA-PSS',
    ],
    'ECDSA on P-256': ['P-256', ['-md', 'sha256'], 'ECDSA'],
    'ECDSA on P-384': ['P-384', ['-md', 'sha384'], 'ECDSA'],
    'ECDSA on P-521': ['P-521', ['-md', 'sha512'], 'ECDSA'],
  };

  for (const [what, [signer, options, algorithm]] of Object.entries(good)) {
    for (const form of ['with', 'without'] as const) {
      it(`is valid: ${what}, ${form} signed attributes`, () => {
        const more = form === 'with' ? [] : ['-noattr'];
        const report = judge(signed(signer, [...options, ...more]));
        expect(faultsOf(report)).to.deep.equal([]);
        expect(report).to.include({ valid: true, trusted: true });
        expect(report.signatures?.[0]?.signatureAlgorithm).to.equal(algorithm);
      });

      it(`is refused when a byte of the page is another: ${what}, ${form} signed attributes`, () => {
        const more = form === 'with' ? [] : ['-noattr'];
        const changed = Buffer.from(signed(signer, [...options, ...more]));
        changed.writeUInt8(changed.readUInt8(40) ^ 1, 40);
        const fault = form === 'with' ? 'digest DIGEST_MISMATCH' : 'signature SIGNATURE_INVALID';
        expect(faultsOf(judge(changed))).to.include(fault);
      });
    }
  }

  it('is found valid by pdfsig as well', function () {
    const pdfsig = requireProgram(this, 'pdfsig');
    for (const [signer, options] of [
      ['rsa2048', ['-md', 'sha256']],
      ['rsa2048', ['-md', 'sha256', '-noattr']],
      ['P-256', ['-md', 'sha256']],
    ] as const) {
      const path = join(world.folder.path, 'signed.pdf');
      const pdf = signed(signer, options);
      writeFileSync(path, pdf);
      const said = execFileSync(pdfsig, ['-nocert', path]).toString();
      expect(said, options.join(' ')).to.include('Signature is Valid');
      expect(said).to.include('Total document signed');
      expect(judge(pdf).valid, options.join(' ')).to.equal(true);
    }
  });

  it('may name its signer by key identifier, and bring the chain along', () => {
    expect(faultsOf(judge(signed('rsa2048', ['-md', 'sha256', '-keyid', '-certfile', 'root.pem'])))).to.deep.equal([]);
  });

  it('must bring the signer’s certificate', () => {
    expect(faultsOf(judge(signed('rsa2048', ['-md', 'sha256', '-nocerts'])))).to.include(
      'signature CERTIFICATE_MISSING',
    );
  });

  it('must bind the certificate under ETSI.CAdES.detached, and need not under adbe.pkcs7.detached', () => {
    const cades = 'ETSI.CAdES.detached';
    expect(faultsOf(judge(signed('rsa2048', ['-md', 'sha256', '-cades'], cades)))).to.deep.equal([]);
    for (const options of [[], ['-noattr']]) {
      expect(faultsOf(judge(signed('rsa2048', ['-md', 'sha256', ...options], cades)))).to.deep.equal([
        'signature SIGNER_NOT_BOUND',
      ]);
    }
  });

  it('must not carry content of its own', () => {
    const inside = fillRoom(room(), () => world.sign('rsa2048', Buffer.from('other'), '-md', 'sha256', '-nodetach'));
    expect(faultsOf(judge(inside))).to.include('structure SIGNATURE_MALFORMED');
  });

  it('claims the time of its /M where it has no signing-time, and the attribute’s time where it has one', () => {
    const dated = (date: string, ...options: readonly string[]) => {
      const text = Buffer.from(room()).toString('latin1');
      const changed = Buffer.from(
        text.replace(/\/M ?\(D:\d{14}/, (m) => m.slice(0, -14) + date),
        'latin1',
      );
      expect(changed.equals(room())).to.equal(false);
      return judge(fillRoom(changed, (content) => world.sign('rsa2048', content, '-md', 'sha256', ...options)));
    };
    const long = dated('19990102030405', '-noattr');
    expect(long.signatures?.[0]?.claimedAt).to.match(/^1999-01-0[123]T/);
    expect(faultsOf(long)).to.include('certificate CERTIFICATE_OUTSIDE_VALIDITY');
    expect(faultsOf(dated('20990102030405', '-noattr'))).to.include('time TIME_IN_FUTURE');
    expect(faultsOf(dated('19990102030405'))).to.deep.equal([]);
    const timeless = dated('00000000000000', '-noattr');
    expect(timeless.checks.map(({ code }) => code)).to.include('TIME_MISSING');
    expect(timeless.signatures?.[0]?.claimedAt).to.equal(null);
  });

  it('is refused over SHA-1, with and without attributes, and under names that mean SHA-1', () => {
    for (const options of [[], ['-noattr']]) {
      expect(faultsOf(judge(signed('rsa2048', ['-md', 'sha1', ...options])))).to.include('digest DIGEST_WEAK');
    }
    const names = Buffer.from(room())
      .toString('latin1')
      .replace(/\/adbe\.pkcs7\.detached/, '/adbe.pkcs7.sha1    ');
    expect(faultsOf(judge(Buffer.from(names, 'latin1')))).to.include('digest DIGEST_WEAK');
    const older = exchange(room(), '/adbe.pkcs7.detached', '/adbe.x509.rsa_sha1 ');
    expect(faultsOf(judge(older))).to.include('digest DIGEST_WEAK');
    const unknown = exchange(room(), '/adbe.pkcs7.detached', '/some.body.detached ');
    expect(faultsOf(judge(unknown))).to.include('structure ALGORITHM_UNSUPPORTED');
  });

  it('is refused with a key that can be broken, and warned of with a short one', () => {
    expect(faultsOf(judge(signed('rsa512', ['-md', 'sha256'])))).to.include('certificate KEY_TOO_SHORT');
    const short = judge(signed('rsa1024', ['-md', 'sha256']));
    expect(short.valid).to.equal(true);
    expect(warningsOf(short)).to.include('KEY_TOO_SHORT');
    expect(faultsOf(judge(signed('secp256k1', ['-md', 'sha256'])))).to.include('certificate ALGORITHM_UNSUPPORTED');
  });

  it('may have an open-ended shell, of which is told; not open-ended signed attributes', () => {
    const open = (der: Uint8Array): Buffer => {
      const length = der[1] === 0x82 ? 4 : 3;
      return Buffer.concat([Buffer.of(der[0] ?? 0, 0x80), der.subarray(length), Buffer.of(0, 0)]);
    };
    const shell = fillRoom(room(), (content) => open(world.sign('rsa2048', content, '-md', 'sha256')));
    expect(judge(shell).valid).to.equal(true);
    expect(warningsOf(judge(shell))).to.deep.equal(['BER_SHELL']);
    const attributes = fillRoom(room(), (content) => {
      const hex = Buffer.from(world.sign('rsa2048', content, '-md', 'sha256')).toString('hex');
      const at = hex.indexOf('a081', hex.length / 2);
      const length = Number.parseInt(hex.slice(at + 4, at + 6), 16) * 2;
      const ber = `a080${hex.slice(at + 6, at + 6 + length)}0000`;
      return open(Buffer.from(`${hex.slice(0, at)}${ber}${hex.slice(at + 6 + length)}`, 'hex'));
    });
    expect(faultsOf(judge(attributes))).to.include('structure SIGNATURE_MALFORMED');
  });
});

describe('a PDF signed with SM2 without signed attributes', () => {
  it('is valid over the content, and over its digest hashed again; not over anything else', async () => {
    const root = await makeMember('SM2', 'root', '根');
    const leaf = await makeMember('SM2', 'signer', '签章人', root);
    const { issuerDer, serial } = parseCertificate(leaf.certificate);
    const wrap = (signature: Uint8Array): Uint8Array => {
      const sm3 = sequence(oid(OID.sm3));
      const who = sequence(issuerDer, integer(serial));
      const signer = sequence(integer(1n), who, sm3, sequence(oid(OID.sm2WithSm3)), octetString(signature));
      const certificates = explicit(0, leaf.certificate);
      const parts = [integer(1n), setOf(sm3), sequence(oid(CMS_OID.data)), certificates, setOf(signer)];
      return sequence(oid(CMS_OID.signedData), explicit(0, sequence(...parts)));
    };
    const made = (sign: (content: Buffer) => Promise<Uint8Array>): Promise<Uint8Array> => {
      const words = prepared(formDocument(), { form: PLAIN });
      let content: Buffer = Buffer.alloc(0);
      fillRoom(words, (bytes) => {
        content = bytes;
        return new Uint8Array();
      });
      return sign(content).then((signature) => fillRoom(words, () => wrap(signature)));
    };
    const sm3 = (bytes: Uint8Array): Uint8Array => createHash('sm3').update(bytes).digest();
    const judge = (pdf: Uint8Array) => verifyPdf(pdf, { certificates: [root.certificate], at: NOW });
    for (const sign of [(c: Buffer) => leaf.key.sign(c), (c: Buffer) => leaf.key.sign(sm3(c))]) {
      expect(faultsOf(judge(await made(sign)))).to.deep.equal([]);
    }
    const wrong = await made((content) => leaf.key.sign(sm3(sm3(content))));
    expect(faultsOf(judge(wrong))).to.deep.equal(['signature SIGNATURE_INVALID']);
  });
});
