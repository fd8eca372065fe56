import type { KeyAlgorithm } from '../../../signing/keys/signing-key.ts';
import { generateSoftwareKey, softwareKeyFromPkcs8 } from '../../../signing/keys/software-key.ts';
import { type CertificateProfile, issueCertificate } from '../../../signing/x509/issue-certificate.ts';

export const NOW = new Date('2026-06-01T00:00:00Z');
export const BEFORE = new Date('2026-01-01T00:00:00Z');
export const AFTER = new Date('2030-01-01T00:00:00Z');

let serial = 1n;

/** A member of a little world of certificates. */
export async function makeMember(
  algorithm: KeyAlgorithm,
  profile: CertificateProfile,
  name: string,
  issuer?: { key: ReturnType<typeof softwareKeyFromPkcs8>; certificate: Uint8Array },
  dates: { notBefore?: Date; notAfter?: Date } = {},
) {
  const pkcs8 = generateSoftwareKey(algorithm);
  const key = softwareKeyFromPkcs8(pkcs8);
  const certificate = await issueCertificate({
    subject: { organization: '测试专用', commonName: name },
    ...(issuer ? { issuer: issuer.certificate } : {}),
    publicKey: key.publicKey,
    signer: issuer?.key ?? key,
    serial: serial++,
    notBefore: dates.notBefore ?? BEFORE,
    notAfter: dates.notAfter ?? AFTER,
    profile,
  });
  return { pkcs8, key, certificate };
}
