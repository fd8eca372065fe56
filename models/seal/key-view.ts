/** A key as people see it: everything but the key. */
import { parseCertificate } from '../../signing/index.ts';
import type { KeyColumns } from './rows.ts';

export interface KeyView {
  readonly keyId: string;
  readonly algorithm: KeyColumns['algorithm'];
  readonly purpose: KeyColumns['purpose'];
  readonly organisationCode: string | null;
  readonly provider: KeyColumns['provider'];
  readonly state: KeyColumns['state'];
  readonly uses: number;
  readonly maxUses: number | null;
  /** ISO 8601. */
  readonly notAfterUse: string | null;
  /** Of its certificate. */
  readonly subject: string;
  /** Hexadecimal. */
  readonly serial: string;
  readonly validTo: string;
  readonly createdAt: string;
}

export function viewKey(row: KeyColumns): KeyView {
  const { algorithm, purpose, organisationCode, provider, state, uses, maxUses, notAfterUse, createdAt } = row;
  const certificate = parseCertificate(new Uint8Array(Buffer.from(row.certificates[0] ?? '', 'base64')));
  return {
    ...{ keyId: row.id, algorithm, purpose, organisationCode, provider, state, uses, maxUses },
    notAfterUse: notAfterUse?.toISOString() ?? null,
    subject: certificate.subject,
    serial: certificate.serial.toString(16),
    validTo: certificate.notAfter.toISOString(),
    createdAt: createdAt.toISOString(),
  };
}
