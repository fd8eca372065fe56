/** Signed data made by OpenSSL, with keys and certificates made by OpenSSL: nothing of ours has a hand in it. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TemporaryFolder, temporaryFolder } from '../../world/temporary-folder.ts';

export interface OpensslWorld {
  readonly folder: TemporaryFolder;
  readonly root: Uint8Array;
  /** A signer's key of the kind asked for, as `openssl genpkey` wants it. */
  makeSigner(name: string, ...key: readonly string[]): void;
  /** Detached signed data in DER over the content. */
  sign(name: string, content: Uint8Array, ...options: readonly string[]): Uint8Array;
  run(...args: readonly string[]): Buffer;
}

const YEARS = '3650';

/** A root with an RSA key. The machine's clock dates what OpenSSL makes. */
export function opensslWorld(openssl: string): OpensslWorld {
  const folder = temporaryFolder();
  const at = (name: string): string => join(folder.path, name);
  const run = (...args: readonly string[]): Buffer =>
    execFileSync(openssl, args, { cwd: folder.path, stdio: 'pipe', maxBuffer: 1 << 28 });
  const rsa = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
  run('genpkey', ...rsa, '-out', 'root.key');
  run('req', '-x509', '-new', '-key', 'root.key', '-subj', '/CN=Root', '-days', YEARS, '-out', 'root.pem');
  run('x509', '-in', 'root.pem', '-outform', 'DER', '-out', 'root.der');
  return {
    folder,
    root: new Uint8Array(readFileSync(at('root.der'))),
    run,
    makeSigner(name, ...key) {
      run('genpkey', ...key, '-out', `${name}.key`);
      run('req', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-out', `${name}.csr`);
      writeFileSync(at('leaf.cnf'), 'keyUsage=critical,digitalSignature\nbasicConstraints=critical,CA:FALSE\n');
      const issuer = ['-CA', 'root.pem', '-CAkey', 'root.key', '-CAcreateserial', '-extfile', 'leaf.cnf'];
      run('x509', '-req', '-in', `${name}.csr`, ...issuer, '-days', YEARS, '-out', `${name}.pem`);
    },
    sign(name, content, ...options) {
      writeFileSync(at('content'), content);
      const who = ['-signer', `${name}.pem`, '-inkey', `${name}.key`];
      run('cms', '-sign', '-binary', '-outform', 'DER', '-in', 'content', ...who, '-out', 'signed.der', ...options);
      return new Uint8Array(readFileSync(at('signed.der')));
    },
  };
}
