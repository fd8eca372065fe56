/** Key files as they are handed over: PKCS#12, or encrypted PKCS#8 (PEM or DER) with certificates beside it. */
import { createPrivateKey } from 'node:crypto';
import { SigningError } from '../error.ts';
import { type ParsedCertificate, parseCertificate } from '../x509/parse-certificate.ts';
import { isIssuedBy, sameBytes } from '../x509/verify-chain.ts';
import { fromPemOrDer } from './pem.ts';
import { importPkcs12, type Pkcs12Content } from './pkcs12.ts';
import type { KeyAlgorithm } from './signing-key.ts';
import { keyAlgorithmOf, softwareKeyFromPkcs8 } from './software-key.ts';

export interface KeyFileContent {
  readonly algorithm: KeyAlgorithm;
  /** PKCS#8 DER, open. */
  readonly pkcs8: Uint8Array;
  /** The key's own certificate first, its issuers after it, nothing else. */
  readonly certificates: readonly Uint8Array[];
}

/** Open a key file. `beside`: certificates that were handed over in files of their own, DER.
 *  @throws KEY_UNUSABLE when it cannot be opened, holds no key or several, or no certificate is the key's; UNSUPPORTED;
 *  MALFORMED; TOO_LARGE */
export function openKeyFile(file: Uint8Array, passphrase: string, beside: readonly Uint8Array[] = []): KeyFileContent {
  const { key: pkcs8, certificates } = openAny(file, passphrase);
  const algorithm = keyAlgorithmOf(pkcs8);
  const { publicKey } = softwareKeyFromPkcs8(pkcs8);
  return { algorithm, pkcs8, certificates: orderCertificates(publicKey, [...certificates, ...beside]) };
}

function openAny(file: Uint8Array, passphrase: string): Pkcs12Content {
  const opened = openPkcs8(file, passphrase);
  if (opened === undefined) return importPkcs12(file, passphrase);
  const text = Buffer.from(file).toString('latin1');
  const certificates = text.includes('-----BEGIN CERTIFICATE-----') ? fromPemOrDer(file, 'CERTIFICATE') : [];
  return { key: opened, certificates };
}

/** Undefined when the file is not PKCS#8 at all. */
function openPkcs8(file: Uint8Array, passphrase: string): Uint8Array | undefined {
  const isPem = file[0] !== 0x30;
  // a PKCS#12 file begins with its version, EncryptedPrivateKeyInfo with an algorithm
  if (!isPem && !beginsWithSequence(file)) return undefined;
  const [der] = fromPemOrDer(file, 'ENCRYPTED PRIVATE KEY');
  try {
    const key = Buffer.from(der ?? []);
    return createPrivateKey({ key, format: 'der', type: 'pkcs8', passphrase }).export({ format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new SigningError('KEY_UNUSABLE', 'the key file cannot be opened with this passphrase', {}, { cause });
  }
}

/** Whether the first member of the outer SEQUENCE is a SEQUENCE. */
function beginsWithSequence(file: Uint8Array): boolean {
  const lengthByte = file[1] ?? 0;
  return file[lengthByte < 0x80 ? 2 : 2 + (lengthByte & 0x7f)] === 0x30;
}

const LONGEST_CHAIN = 8;

/** The certificate of a public key (SubjectPublicKeyInfo, DER) first, then who issued it, up to the root if it is there.
 *  @throws KEY_UNUSABLE when none is the key's; MALFORMED */
export function orderCertificates(publicKey: Uint8Array, certificates: readonly Uint8Array[]): Uint8Array[] {
  const all = certificates.map(parseCertificate);
  const own = all.find((certificate) => sameBytes(certificate.publicKey, publicKey));
  if (own === undefined) throw new SigningError('KEY_UNUSABLE', 'no certificate is that of the key');
  const chain: ParsedCertificate[] = [own];
  for (let last = own; chain.length < LONGEST_CHAIN; ) {
    const lower = last;
    const issuer = all.find((other) => other.digest !== lower.digest && isIssuedBy(lower, other));
    if (issuer === undefined || chain.includes(issuer)) break;
    chain.push(issuer);
    last = issuer;
  }
  return chain.map(({ raw }) => raw);
}
