/** PKCS#12 (RFC 7292). node-forge reads and writes the structure (PBES2 with AES and the older PBE, MACs of SHA-1 to
 *  SHA-512); no key is used here. RSA keys are read and written; SM2 keys are read, as OpenSSL writes them, and not written,
 *  because other software reads them only as encrypted PKCS#8. */
import forge from 'node-forge';
import { SigningError } from '../error.ts';
import { isMacRight } from './pkcs12-mac.ts';
import { keyAlgorithmOf } from './software-key.ts';

export interface Pkcs12Content {
  /** Private key, PKCS#8 DER. */
  readonly key: Uint8Array;
  /** Certificates, DER, in the order of the file. */
  readonly certificates: readonly Uint8Array[];
}

/** A file of keys and certificates is small: what is larger is something else. */
const MOST_BYTES = 1_000_000;

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

/** Read the one key and the certificates of a PKCS#12 file.
 *  @throws KEY_UNUSABLE for a wrong passphrase, a file without a key or with several, or none at all; TOO_LARGE;
 *  UNSUPPORTED for a key that is neither RSA nor SM2 */
export function importPkcs12(file: Uint8Array, passphrase: string): Pkcs12Content {
  if (file.length > MOST_BYTES) throw new SigningError('TOO_LARGE', 'the PKCS#12 file is too large');
  const bags = openBags(file, passphrase);
  const keys = bags.filter(({ type }) => KEY_BAGS.includes(type ?? ''));
  const [bag] = keys;
  if (bag === undefined) throw new SigningError('KEY_UNUSABLE', 'the PKCS#12 file holds no private key');
  if (keys.length > 1) {
    throw new SigningError('KEY_UNUSABLE', 'the PKCS#12 file holds several private keys', { keys: keys.length });
  }
  const key = keyOf(bag);
  keyAlgorithmOf(key);
  const certificates = bags.filter(({ type }) => type === forge.pki.oids.certBag).map(certificateOf);
  return { key, certificates };
}

const KEY_BAGS = [forge.pki.oids.keyBag, forge.pki.oids.pkcs8ShroudedKeyBag];

function openBags(file: Uint8Array, passphrase: string): forge.pkcs12.Bag[] {
  try {
    return open(file, passphrase).safeContents.flatMap(({ safeBags }) => safeBags);
  } catch (cause) {
    throw new SigningError('KEY_UNUSABLE', 'the PKCS#12 file cannot be opened with this passphrase', {}, { cause });
  }
}

/** The library takes a passphrase as it is for both of its uses. PBES2 wants it in UTF-8 (RFC 8018 §3), so one that is not
 *  ASCII opens what is encrypted by PBES2 only so encoded, and then its MAC has been checked beforehand. */
function open(file: Uint8Array, passphrase: string): forge.pkcs12.Pkcs12Pfx {
  const pfx = toForge(file);
  if (/^\p{ASCII}*$/u.test(passphrase) || !isMacRight(file, passphrase)) {
    return forge.pkcs12.pkcs12FromAsn1(pfx, passphrase);
  }
  try {
    return forge.pkcs12.pkcs12FromAsn1(pfx, passphrase);
  } catch {
    const withoutMac = { ...pfx, value: (pfx.value as forge.asn1.Asn1[]).slice(0, 2) };
    return forge.pkcs12.pkcs12FromAsn1(withoutMac, forge.util.encodeUtf8(passphrase));
  }
}

/** The library opens RSA keys; of any other it leaves the PrivateKeyInfo as it stood. */
function keyOf({ key, asn1 }: forge.pkcs12.Bag): Uint8Array {
  return fromForge(key ? forge.pki.wrapRsaPrivateKey(forge.pki.privateKeyToAsn1(key)) : asn1);
}

function certificateOf({ cert, asn1 }: forge.pkcs12.Bag): Uint8Array {
  return fromForge(cert ? forge.pki.certificateToAsn1(cert) : asn1);
}
