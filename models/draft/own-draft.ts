/** Whose draft it is: the person or the system that saved it, and nobody else. */
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { findCurrentEntry } from '../catalogue/find-entry.ts';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import type { Caller, House } from '../house.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import type { Row } from '../store/define-table.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { DraftColumns } from './rows.ts';

/** Throws `FORBIDDEN`. */
export function requireDrafter(caller: Caller): string {
  requireRole(caller, 'issuer.clerk');
  requireOrganisation(caller);
  return `${caller.type}:${caller.id}`;
}

/** Throws `FORBIDDEN`, and `NOT_FOUND`, also for another's: its existence is not told. */
export async function getOwnDraft(house: House, caller: Caller, id: string, tx?: Tx): Promise<Row<DraftColumns>> {
  const owner = requireDrafter(caller);
  const row = await house.db.rows.drafts.findByPk(id, tx ? { transaction: tx, lock: true } : {});
  if (row?.owner !== owner || row.organisationCode !== caller.organisationCode) throw new Fault('NOT_FOUND');
  return row;
}

/** The entry under which this caller may submit. Throws `CATALOGUE_UNKNOWN`, `FOREIGN_ISSUER`. */
export async function getOwnEntry(house: House, tx: Tx, caller: Caller, code: string): Promise<CatalogueColumns> {
  const entry = await findCurrentEntry(house, code, tx);
  if (!entry) throwFaults([{ pointer: '/catalogueCode', code: 'CATALOGUE_UNKNOWN' }]);
  if (!entry || entry.issuingBody !== caller.organisationCode) throw new Fault('FOREIGN_ISSUER');
  return entry;
}
