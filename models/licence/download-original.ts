/** The sealed original: for its holder and for the body that issued it. */
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { getOwnLicence } from './get-own-licence.ts';
import type { LicenceColumns, LicenceFileColumns } from './rows.ts';

export interface OriginalFile {
  readonly bytes: Uint8Array;
  readonly fileName: string;
  readonly format: LicenceFileColumns['format'];
}

/** Throws `NOT_FOUND` for what is not the caller's, `FILE_MISSING` for a format it has not. */
export async function downloadOriginal(
  house: House,
  caller: Caller,
  licenceId: string,
  format: LicenceFileColumns['format'],
): Promise<OriginalFile> {
  const licence = await findAllowed(house, caller, licenceId);
  await logAccess(house, caller, {
    act: 'licence.download',
    outcome: licence ? 'done' : 'refused',
    licenceId: licenceId.slice(0, 64),
    details: { format },
  });
  if (!licence) throw new Fault('NOT_FOUND');
  const file = await house.db.rows.licenceFiles.findOne({ where: { licenceId, format }, order: [['version', 'DESC']] });
  if (!file) throw new Fault('FILE_MISSING');
  return { bytes: await house.blobs.get(file.digest), fileName: `${licence.identifier}.${format}`, format };
}

async function findAllowed(house: House, caller: Caller, licenceId: string): Promise<LicenceColumns | undefined> {
  if (caller.roles.includes('holder')) {
    if (!caller.holderId) return undefined;
    const link = await house.db.rows.licenceHolders.findOne({ where: { licenceId, holderId: caller.holderId } });
    const row = link ? await house.db.rows.licences.findByPk(licenceId) : null;
    return row?.state === 'issued' ? row.get() : undefined;
  }
  return getOwnLicence(house, caller, licenceId).catch((error: unknown) => {
    if (error instanceof Fault && error.code === 'NOT_FOUND') return undefined;
    throw error;
  });
}
