/** Whether a certificate is for signing documents, by its key usage and its purposes (RFC 5280 §4.2.1.3, §4.2.1.12). */
import { OID } from '../der/oids.ts';
import type { ParsedCertificate } from './parse-certificate.ts';

/** Purposes under which documents are signed: any; mail, which authorities give to people and bodies; documents (RFC 9336,
 *  and the ones of Adobe and Microsoft that came before it). */
const FOR_DOCUMENTS: ReadonlySet<string> = new Set([
  '2.5.29.37.0',
  '1.3.6.1.5.5.7.3.4',
  '1.3.6.1.5.5.7.3.36',
  '1.2.840.113583.1.1.5',
  '1.3.6.1.4.1.311.10.3.12',
]);

/** Purposes that are surely others: servers, clients, programs, time-stamps, answers on revocation. */
const FOR_OTHERS: ReadonlySet<string> = new Set([
  '1.3.6.1.5.5.7.3.1',
  '1.3.6.1.5.5.7.3.2',
  '1.3.6.1.5.5.7.3.3',
  OID.timeStamping,
  '1.3.6.1.5.5.7.3.9',
]);

type Uses = Pick<ParsedCertificate, 'keyUsage' | 'extendedKeyUsage' | 'extendedKeyUsageCritical'>;

/** Whether the key may make signatures, of whatever. */
export function maySign({ keyUsage }: Pick<Uses, 'keyUsage'>): boolean {
  return keyUsage === undefined || keyUsage.has('digitalSignature') || keyUsage.has('nonRepudiation');
}

/** Whether the key may sign documents and seals. A purpose nobody here knows forbids nothing unless every verifier must heed
 *  it. */
export function maySignDocuments(certificate: Uses): boolean {
  const { extendedKeyUsage: purposes, extendedKeyUsageCritical: critical } = certificate;
  if (!maySign(certificate)) return false;
  if (purposes === undefined || purposes.some((id) => FOR_DOCUMENTS.has(id))) return true;
  return !critical && purposes.some((id) => !FOR_OTHERS.has(id));
}
