/** The front-end machines: for people without their addresses, for the exchange with them. */
import { Op } from 'sequelize';
import { requireRole } from '../account/require-role.ts';
import type { Caller, House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import type { FrontEndColumns } from './rows.ts';

export const URL_CONTEXT = 'front_ends.url';

export interface FrontEndView {
  readonly name: string;
  readonly organisationCode: string;
  readonly profile: FrontEndColumns['profile'];
  readonly state: FrontEndColumns['state'];
  readonly lastPassAt: string | null;
  readonly lastError: string | null;
}

export interface FrontEndMachine extends FrontEndView {
  /** Holds a password; never logged. */
  readonly url: string;
  readonly lastPassMs: number;
}

export function viewFrontEnd(row: FrontEndColumns): FrontEndView {
  const { name, organisationCode, profile, state, lastPassAt, lastError } = row;
  return { name, organisationCode, profile, state, lastPassAt: lastPassAt?.toISOString() ?? null, lastError };
}

/** By name; the cursor is the last name seen. Throws `FORBIDDEN`. */
export async function listFrontEnds(house: House, caller: Caller, request: PageRequest): Promise<Page<FrontEndView>> {
  requireRole(caller, 'bureau.officer', 'bureau.supervisor', 'admin.system');
  const limit = pageLimit(request);
  const rows = await house.db.rows.frontEnds.findAll({
    where: request.after ? { name: { [Op.gt]: request.after } } : {},
    order: [['name', 'ASC']],
    limit: limit + 1,
  });
  const views = rows.map((row) => viewFrontEnd(row.get()));
  return toPage(views, limit, ({ name }) => name);
}

/** The machines with their addresses, all or one. Throws `NOT_FOUND` for a name that is not registered. */
export async function openFrontEndList(house: House, name?: string): Promise<FrontEndMachine[]> {
  const rows = await house.db.rows.frontEnds.findAll({ where: name ? { name } : {}, order: [['name', 'ASC']] });
  if (name && rows.length === 0) throw new Fault('NOT_FOUND', { detail: name });
  return rows.map((row) => ({
    ...viewFrontEnd(row.get()),
    url: house.cipher.decrypt(URL_CONTEXT, row.urlCipher),
    lastPassMs: Number(row.lastPassMs),
  }));
}
