/** PKCS#12 (RFC 7292) for RSA keys. node-forge reads and writes the structure; no key is used here.
 *  SM2 keys have no PKCS#12 form that other software reads: they travel as encrypted PKCS#8. */
import forge from 'node-forge';
import { SigningError } from '../error.ts';
import { keyAlgorithmOf } from './software-key.ts';

export interface Pkcs12Content {
  /** RSA private key, PKCS#8 DER. */
  readonly key: Uint8Array;
  /** Certificates, DER; the key's own first. */
  readonly certificates: readonly Uint8Array[];
}

const toForge = (der: Uint8Array) => forge.asn1.fromDer(forge.util.createBuffer(Buffer.from(der).toString('binary')));
const fromForge = (asn1: forge.asn1.Asn1) => new Uint8Array(Buffer.from(forge.asn1.toDer(asn1).getBytes(), 'binary'));

/** Write an RSA key and its certificates as PKCS#12. @throws UNSUPPORTED for a key that is not RSA */
export function exportPkcs12(content: Pkcs12Content, passphrase: string): Uint8Array {
  if (keyAlgorithmOf(content.key) !== 'RSA') throw new SigningError('UNSUPPORTED', 'PKCS#12 is for RSA keys only');
  const key = forge.pki.privateKeyFromAsn1(toForge(content.key));
  const certificates = content.certificates.map((der) => forge.pki.certificateFromAsn1(toForge(der)));
  const asn1 = forge.pkcs12.toPkcs12Asn1(key, certificates, passphrase, { algorithm: 'aes256', count: 10_000 });
  return fromForge(asn1);
}

/** Read an RSA key and its certificates. @throws KEY_UNUSABLE for a wrong passphrase or a file without an RSA key */
export function importPkcs12(file: Uint8Array, passphrase: string): Pkcs12Content {
  try {
    const store = forge.pkcs12.pkcs12FromAsn1(toForge(file), passphrase);
    const bags = store.safeContents.flatMap((content) => content.safeBags);
    const key = bags.find((bag) => bag.key)?.key;
    if (!key) throw new Error('no RSA private key inside');
    const info = forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key));
    const certificates = bags.flatMap((bag) => (bag.cert ? [fromForge(forge.pki.certificateToAsn1(bag.cert))] : []));
    return { key: fromForge(info), certificates };
  } catch (cause) {
    throw new SigningError('KEY_UNUSABLE', 'the PKCS#12 file cannot be opened', {}, { cause });
  }
}
