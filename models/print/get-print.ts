/** The file of a print, for the body that printed it. */
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';

/** Throws `NOT_FOUND`, also for another body's print. */
export async function getPrint(house: House, caller: Caller, serial: string): Promise<Uint8Array> {
  requireRole(caller, 'issuer.clerk', 'issuer.reviewer', 'issuer.seal-keeper', 'consumer.window', 'consumer.approver');
  const row = await house.db.rows.prints.findOne({ where: { serial, organisationCode: requireOrganisation(caller) } });
  const isIssuer = caller.roles.some((role) => role.startsWith('issuer.'));
  const isConsumer = caller.roles.some((role) => role.startsWith('consumer.'));
  const mine = row && (row.useId === null ? isIssuer : isConsumer);
  const found = { outcome: mine ? ('done' as const) : ('refused' as const), licenceId: row?.licenceId ?? null };
  await logAccess(house, caller, { act: 'print.download', ...found, details: { serial: serial.slice(0, 40) } });
  if (!mine) throw new Fault('NOT_FOUND');
  return house.blobs.get(row.digest);
}
