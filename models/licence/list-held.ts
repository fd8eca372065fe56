/** The licences of the holder who is signed in. */
import { Op } from 'sequelize';
import { requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { findStanding } from './find-standing.ts';
import type { LicenceStatus } from './states.ts';

export interface HeldLicence {
  readonly licenceId: string;
  readonly identifier: string;
  readonly catalogueCode: string;
  readonly licenceNumber: string;
  readonly issuedOn: string | null;
  readonly validTo: string | null;
  readonly status: LicenceStatus | null;
}

/** A page of a holder's own licences, newest first. */
export async function listHeld(house: House, caller: Caller, request: PageRequest): Promise<Page<HeldLicence>> {
  requireRole(caller, 'holder');
  const { holderId } = caller;
  const links = holderId ? await house.db.rows.licenceHolders.findAll({ where: { holderId } }) : [];
  const limit = pageLimit(request);
  const found = await house.db.rows.licences.findAll({
    where: {
      id: { [Op.in]: links.map((link) => link.licenceId), ...(request.after ? { [Op.lt]: request.after } : {}) },
      state: 'issued',
    },
    order: [['id', 'DESC']],
    limit: limit + 1,
  });
  const { items: rows, next } = toPage(found, limit, (row) => row.id);
  await logAccess(house, caller, { act: 'licence.list', licenceIds: rows.map((row) => row.id) });
  const standing = await findStanding(
    house,
    rows.map((row) => row.get()),
  );
  const items = rows.map((row) => ({
    licenceId: row.id,
    identifier: row.identifier ?? '',
    catalogueCode: row.catalogueCode,
    licenceNumber: row.licenceNumber,
    issuedOn: row.issuedOn,
    validTo: row.validTo,
    status: standing.get(row.id) ?? null,
  }));
  return { items, next };
}
