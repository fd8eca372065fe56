/** Revoke a certificate of the development authority, so that a demonstration can show what becomes of it. Certificates of
 *  accredited authorities are revoked there, and their lists are fetched. */
import { z } from 'zod';
import { CRL_REASONS, isSelfSigned, parseCertificate } from '../../signing/index.ts';
import { requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { isDuplicate, withTransaction } from '../store/with-transaction.ts';

export type ReasonName = keyof typeof CRL_REASONS;

export const revocationSchema = z.strictObject({
  /** The key whose certificate it is. */
  keyId: z.string().min(1).max(190),
  reason: z.enum(Object.keys(CRL_REASONS) as [ReasonName, ...ReasonName[]]).default('unspecified'),
  /** Since when a compromised key proves nothing. */
  invalidSince: z.coerce.date().optional(),
});

/** Throws `DEVELOPMENT_ONLY`, `NOT_FOUND`, `ALREADY_EXISTS`, and `STATE_CONFLICT` for a certificate of another authority or a
 *  root. */
export async function revokeDevelopmentCertificate(
  house: House,
  caller: Caller,
  { keyId, reason, invalidSince }: z.infer<typeof revocationSchema>,
): Promise<void> {
  requireRole(caller, 'admin.security');
  if (house.mode === 'production') throw new Fault('DEVELOPMENT_ONLY');
  const { keys, revokedCertificates } = house.db.rows;
  const key = await keys.findByPk(keyId);
  if (!key) throw new Fault('NOT_FOUND');
  const [own = '', issuer = ''] = key.certificates;
  const certificate = parseCertificate(new Uint8Array(Buffer.from(own, 'base64')));
  const authorities = await keys.findAll({ where: { purpose: ['root', 'issuing'] } });
  const authority = authorities.find(({ certificates: [first] }) => first === issuer);
  if (!authority || isSelfSigned(certificate)) throw new Fault('STATE_CONFLICT');
  const serial = certificate.serial.toString(16);
  const row = { issuerKeyId: authority.id, serial, reason, revokedAt: house.clock(), actor: caller.id };
  await withTransaction(house.db, async (transaction) => {
    const since = invalidSince ?? null;
    await revokedCertificates.create({ ...row, id: house.newId(), invalidSince: since }, { transaction });
    await appendAudit(house, transaction, caller, { act: 'certificate.revoke', details: { keyId, serial, reason } });
  }).catch((error: unknown) => {
    throw isDuplicate(error) ? new Fault('ALREADY_EXISTS') : error;
  });
}
