/** A certificate as a report shows it. Persons' certificates often carry a resident number (公民身份号码) in an attribute or
 *  inside the common name: only the attributes below are shown, and runs that could be such a number are masked. */
import { createPublicKey } from 'node:crypto';
import { BoundedCache } from '../bounded-cache.ts';
import type { ParsedCertificate } from '../x509/parse-certificate.ts';
import type { CertificateFacts } from './report.ts';

/** Country, province, locality, organisation, unit, common name; everything else (serialNumber, e-mail …) stays inside. */
const SHOWN = /^(C|ST|L|O|OU|CN)=/;
/** GB 11643: 17 digits and a check character; 15 digits in its first form. */
const LIKE_RESIDENT_NUMBER = /(?<!\d)(\d{6})\d{8}(?:\d{3}[\dXx]|\d)(?!\d)/g;
const SM2_BITS = 256;

/** A text that a person may stand in, without what could be their number. */
export function withoutNumbers(text: string): string {
  return text.replaceAll(LIKE_RESIDENT_NUMBER, '$1****');
}

/** A name of a certificate without what is nobody's business. */
export function shownName(name: string): string {
  const parts = name.split(/, (?=[A-Z]{1,2}=|\d+(?:\.\d+)+=)/);
  const shown = parts.filter((part) => SHOWN.test(part)).map(withoutNumbers);
  return shown.join(', ');
}

const known = new BoundedCache<CertificateFacts>(512);

/** The facts of a certificate; the same certificate is described once. */
export function factsOfCertificate(certificate: ParsedCertificate): CertificateFacts {
  return known.get(certificate.digest, () => describe(certificate));
}

function describe(certificate: ParsedCertificate): CertificateFacts {
  return {
    subject: shownName(certificate.subject),
    issuer: shownName(certificate.issuer),
    serial: certificate.serial.toString(16),
    validFrom: certificate.notBefore.toISOString(),
    validTo: certificate.notAfter.toISOString(),
    key: certificate.keyAlgorithm,
    bits: keyBitsOf(certificate),
  };
}

/** Length of the public key; null when it cannot be told. */
export function keyBitsOf({ keyAlgorithm, publicKey }: ParsedCertificate): number | null {
  if (keyAlgorithm === 'SM2') return SM2_BITS;
  if (keyAlgorithm === 'other') return null;
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    if (keyAlgorithm === 'RSA') return key.asymmetricKeyDetails?.modulusLength ?? null;
    return BITS_OF_CURVE.get(key.asymmetricKeyDetails?.namedCurve ?? '') ?? null;
  } catch {
    // a key that OpenSSL cannot open has no length that could be relied on
    return null;
  }
}

const BITS_OF_CURVE = new Map([
  ['prime256v1', 256],
  ['secp384r1', 384],
  ['secp521r1', 521],
]);
