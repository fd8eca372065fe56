/** Genuine files that programs of others had a hand in: signed data by OpenSSL, documents written anew by qpdf with object
 *  streams, archives by Python's zipfile. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { appendSignature, signPdf, toPem } from '../../../signing/index.ts';
import { softwareKeyFromPkcs8 } from '../../../signing/keys/software-key.ts';
import type { GoodCase } from './case.ts';
import type { CorpusWorld } from './corpus.ts';
import { SIGNED, strangerPdf } from './pdf-world.ts';
import { strangerOfd } from './stranger-ofd.ts';

export interface Programs {
  readonly openssl: string;
  readonly qpdf: string;
  readonly python3: string;
  /** Where files are put for them. */
  readonly folder: string;
}

/** OpenSSL signs at the time of the machine. */
const LATER = new Date('2029-12-31T00:00:00Z');

function* byOpenssl({ pdf }: CorpusWorld, { openssl, folder }: Programs): Generator<GoodCase> {
  const { signer, other, policy } = pdf;
  const pss = (salt: string) => ['-keyopt', 'rsa_padding_mode:pss', '-keyopt', `rsa_pss_saltlen:${salt}`];
  const ways: readonly (readonly [words: string, who: typeof signer, options: readonly string[], subFilter: string])[] =
    [
      ['plainly', signer, [], 'adbe.pkcs7.detached'],
      ['with its certificate named', signer, ['-cades'], 'ETSI.CAdES.detached'],
      ['without attributes', signer, ['-noattr'], 'adbe.pkcs7.detached'],
      ['without capabilities', signer, ['-nosmimecap'], 'adbe.pkcs7.detached'],
      ['by its key', signer, ['-keyid'], 'adbe.pkcs7.detached'],
      ['with SHA-384', signer, ['-md', 'sha384'], 'adbe.pkcs7.detached'],
      ['with SHA-512', signer, ['-md', 'sha512', '-cades'], 'ETSI.CAdES.detached'],
      ['with PSS and a salt of 32', signer, [...pss('32'), '-cades'], 'ETSI.CAdES.detached'],
      ['with PSS and a salt of 20', signer, pss('20'), 'adbe.pkcs7.detached'],
      ['with PSS and the longest salt', signer, pss('max'), 'adbe.pkcs7.detached'],
      ['with ECDSA', other, [], 'adbe.pkcs7.detached'],
      ['with ECDSA, its certificate named', other, ['-cades'], 'ETSI.CAdES.detached'],
      ['with ECDSA and SHA-512', other, ['-md', 'sha512'], 'adbe.pkcs7.detached'],
      ['with ECDSA, without attributes', other, ['-noattr'], 'adbe.pkcs7.detached'],
    ];
  for (const [words, who, options, subFilter] of ways) {
    const at = (name: string) => join(folder, name);
    writeFileSync(at('who.pem'), toPem('CERTIFICATE', who.certificate));
    writeFileSync(at('who.key'), toPem('PRIVATE KEY', who.pkcs8));
    const make = (content: Uint8Array): Uint8Array => {
      writeFileSync(at('content'), content);
      const fixed = ['-binary', '-outform', 'DER', '-in', at('content'), '-out', at('value')];
      execFileSync(openssl, ['cms', '-sign', '-signer', at('who.pem'), '-inkey', at('who.key'), ...options, ...fixed], {
        stdio: 'pipe',
      });
      return readFileSync(at('value'));
    };
    const bytes = strangerPdf(who, { subFilter, make });
    yield {
      family: 'PDF signed by OpenSSL',
      format: 'pdf',
      name: words,
      bytes,
      policy: { ...policy, at: LATER },
      warned: [],
    };
  }
}

async function* byQpdf({ pdf }: CorpusWorld, { qpdf, folder }: Programs): AsyncGenerator<GoodCase> {
  const { own, policy, signer, issuing } = pdf;
  const person = {
    key: softwareKeyFromPkcs8(signer.pkcs8),
    certificate: signer.certificate,
    chain: [issuing.certificate],
    at: SIGNED,
  };
  const words = { name: '某局', reason: '签发', location: '某市', at: SIGNED, page: 0 };
  const ways: readonly (readonly [words: string, options: readonly string[]])[] = [
    ['with object streams', ['--object-streams=generate']],
    ['without object streams', ['--object-streams=disable']],
    ['in its own order', ['--qdf']],
    ['for the web', ['--linearize']],
    ['packed anew', ['--recompress-flate', '--compression-level=9', '--object-streams=generate']],
    ['of version 2.0', ['--force-version=2.0']],
  ];
  for (const [name, options] of ways) {
    const [from, to] = [join(folder, 'plain.pdf'), join(folder, 'written.pdf')];
    writeFileSync(from, own.plain);
    execFileSync(qpdf, [...options, '--deterministic-id', from, to], { stdio: 'pipe' });
    const bytes = await signPdf(appendSignature(readFileSync(to), words), person);
    yield { family: 'PDF written by qpdf', format: 'pdf', name, bytes, policy, warned: [] };
  }
}

const PYTHON = `import sys, zipfile
source, target, how = sys.argv[1:]
method = zipfile.ZIP_STORED if how == 'stored' else zipfile.ZIP_DEFLATED
class Pipe:
    def __init__(self, f): self.f = f
    def write(self, b): return self.f.write(b)
    def flush(self): self.f.flush()
with open(target, 'wb') as f, zipfile.ZipFile(Pipe(f) if how == 'piped' else f, 'w', method) as out:
    names = zipfile.ZipFile(source).namelist()
    for name in sorted(names) if how == 'sorted' else names:
        if how == 'folders' and '/' in name: 
            folder = name.rsplit('/', 1)[0] + '/'
            if folder not in out.namelist(): out.writestr(zipfile.ZipInfo(folder), b'')
        out.writestr(name, zipfile.ZipFile(source).read(name))
`;

function* byPython({ ofd }: CorpusWorld, { python3, folder }: Programs): Generator<GoodCase> {
  const { hand, policy } = ofd;
  writeFileSync(join(folder, 'pack.py'), PYTHON);
  writeFileSync(join(folder, 'plain.ofd'), strangerOfd(hand));
  for (const name of ['stored', 'deflated', 'sorted', 'folders', 'piped']) {
    const target = join(folder, `${name}.ofd`);
    execFileSync(python3, [join(folder, 'pack.py'), join(folder, 'plain.ofd'), target, name], { stdio: 'pipe' });
    const warned = name === 'piped' ? ['DATA_DESCRIPTOR'] : [];
    yield { family: 'OFD packed by Python', format: 'ofd', name, bytes: readFileSync(target), policy, warned };
  }
}

export async function* goodByPrograms(world: CorpusWorld, programs: Programs): AsyncGenerator<GoodCase> {
  yield* byOpenssl(world, programs);
  yield* byQpdf(world, programs);
  yield* byPython(world, programs);
}
