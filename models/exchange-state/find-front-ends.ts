/** The front-end machines: for people without their addresses, for the exchange with them. */
import { requireRole } from '../account/require-role.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import type { FrontEndColumns } from './rows.ts';

export const URL_CONTEXT = 'front_ends.url';

export interface FrontEndView {
  readonly name: string;
  readonly organisationCode: string;
  readonly state: FrontEndColumns['state'];
  readonly lastPassAt: string | null;
  readonly lastError: string | null;
}

export interface FrontEndMachine extends FrontEndView {
  /** Holds a password; never logged. */
  readonly url: string;
}

export function viewFrontEnd(row: FrontEndColumns): FrontEndView {
  const { name, organisationCode, state, lastPassAt, lastError } = row;
  return { name, organisationCode, state, lastPassAt: lastPassAt?.toISOString() ?? null, lastError };
}

export async function listFrontEnds(house: House, caller: Caller): Promise<FrontEndView[]> {
  requireRole(caller, 'bureau.officer', 'bureau.supervisor', 'admin.system');
  const rows = await house.db.rows.frontEnds.findAll({ order: [['name', 'ASC']] });
  return rows.map((row) => viewFrontEnd(row.get()));
}

/** The machines with their addresses, all or one. Throws `NOT_FOUND` for a name that is not registered. */
export async function openFrontEndList(house: House, name?: string): Promise<FrontEndMachine[]> {
  const rows = await house.db.rows.frontEnds.findAll({ where: name ? { name } : {}, order: [['name', 'ASC']] });
  if (name && rows.length === 0) throw new Fault('NOT_FOUND', { detail: name });
  return rows.map((row) => ({ ...viewFrontEnd(row.get()), url: house.cipher.decrypt(URL_CONTEXT, row.urlCipher) }));
}
