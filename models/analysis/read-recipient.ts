/** The certificate to which a delivery is encrypted. */
import { fromPemOrDer, organisationCodeOf, parseCertificate, SigningError } from '../../signing/index.ts';
import type { PointedFault } from '../kernel/fault.ts';

export interface Recipient {
  /** DER in base64. */
  readonly certificate: string;
  readonly faults: readonly PointedFault[];
}

const pointer = '/certificate';

/** @param text PEM, or DER in base64 */
export function readRecipient(text: string, organisationCode: string, now: Date): Recipient {
  const fail = (detail: string): Recipient => ({
    certificate: '',
    faults: [{ pointer, code: 'ANALYSIS_CERTIFICATE', detail }],
  });
  try {
    const pem = text.includes('-----BEGIN');
    const [der] = pem ? fromPemOrDer(Buffer.from(text), 'CERTIFICATE') : [Buffer.from(text, 'base64')];
    const certificate = parseCertificate(der ?? new Uint8Array());
    if (certificate.keyAlgorithm !== 'SM2') return fail(certificate.keyAlgorithm);
    if (now < certificate.notBefore || now > certificate.notAfter) return fail('有效期');
    const uses = certificate.keyUsage;
    if (uses && !uses.has('keyEncipherment') && !uses.has('dataEncipherment')) return fail('密钥用法');
    const code = organisationCodeOf(certificate);
    if (code !== undefined && code !== organisationCode) return fail('单位代码');
    return { certificate: Buffer.from(certificate.raw).toString('base64'), faults: [] };
  } catch (error) {
    if (error instanceof SigningError) return fail('X.509');
    throw error;
  }
}

/** What the bureau sees of it. */
export function describeRecipient(certificate: string): {
  readonly subject: string;
  readonly issuer: string;
  readonly serial: string;
  readonly notAfter: string;
} {
  const { subject, issuer, serial, notAfter } = parseCertificate(Buffer.from(certificate, 'base64'));
  return { subject, issuer, serial: serial.toString(16), notAfter: notAfter.toISOString() };
}
