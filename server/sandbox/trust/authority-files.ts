/** The development authority as files: for each member a certificate and its private key, both PEM, the key for its
 *  owner's eyes only. Names: `<sm2|rsa>-<root|issuing|tsa|seal-maker>.pem` and `….key.pem`. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type DevelopmentAuthority, type DevelopmentMember, fromPemOrDer, toPem } from '../../../signing/index.ts';

const OWNER_ONLY = 0o600;

/** Opens what the folder holds; makes and keeps an authority when it is empty. Throws when a file is missing. */
export async function openAuthority(
  folder: string,
  make: () => Promise<DevelopmentAuthority>,
): Promise<DevelopmentAuthority> {
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).length === 0) writeAuthority(folder, await make());
  const read = (name: string) => readMember(folder, name);
  const membersOf = (kind: string) => ({
    root: read(`${kind}-root`),
    issuing: read(`${kind}-issuing`),
    tsa: read(`${kind}-tsa`),
  });
  return { sm2: { ...membersOf('sm2'), sealMaker: read('sm2-seal-maker') }, rsa: membersOf('rsa') };
}

function writeAuthority(folder: string, { sm2, rsa }: DevelopmentAuthority): void {
  writeMember(folder, 'rsa-root', rsa.root);
  writeMember(folder, 'rsa-issuing', rsa.issuing);
  writeMember(folder, 'rsa-tsa', rsa.tsa);
  writeMember(folder, 'sm2-seal-maker', sm2.sealMaker);
  writeMember(folder, 'sm2-tsa', sm2.tsa);
  writeMember(folder, 'sm2-issuing', sm2.issuing);
  writeMember(folder, 'sm2-root', sm2.root);
}

function writeMember(folder: string, name: string, { pkcs8, certificate }: DevelopmentMember): void {
  writeFileSync(path.join(folder, `${name}.key.pem`), toPem('PRIVATE KEY', pkcs8), { mode: OWNER_ONLY });
  writeFileSync(path.join(folder, `${name}.pem`), toPem('CERTIFICATE', certificate));
}

function readMember(folder: string, name: string): DevelopmentMember {
  const read = (file: string, label: string): Uint8Array => {
    const [der] = fromPemOrDer(readFileSync(path.join(folder, file)), label);
    if (der === undefined) throw new Error(`${file} holds no ${label}`);
    return der;
  };
  return { pkcs8: read(`${name}.key.pem`, 'PRIVATE KEY'), certificate: read(`${name}.pem`, 'CERTIFICATE') };
}
