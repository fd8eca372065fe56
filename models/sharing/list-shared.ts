/** List the licences of the person a use is for, within the matter's types (C-5(3) 列表获取). */
import { z } from 'zod';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { MAX_PAGE_LIMIT, type Page, pageLimit, toPage } from '../kernel/page.ts';
import { findStanding } from '../licence/find-standing.ts';
import type { LicenceStatus } from '../licence/states.ts';
import { viewStock } from '../licence/stock.ts';
import { findDisputed } from '../objection/find-disputed.ts';
import { factsOf, findWithinUse, openBoundUse } from './within-use.ts';

export const listSharedSchema = z.strictObject({
  useCode: z.string().min(10).max(64),
  /** `next` of the page before. */
  after: z.string().max(64).optional(),
  limit: z.int().min(1).max(MAX_PAGE_LIMIT).optional(),
});

export interface SharedLicence {
  readonly identifier: string;
  readonly catalogueCode: string;
  readonly catalogueName: string;
  readonly licenceNumber: string;
  readonly issuingBody: string;
  readonly issuedOn: string | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly status: LicenceStatus | null;
  /** `stock`: digitised from a paper that was issued before. */
  readonly origin: 'new' | 'stock';
  readonly paperNumber: string | null;
  /** An objection is open, or upheld and not yet corrected. */
  readonly disputed: boolean;
}

export async function listShared(
  house: House,
  caller: Caller,
  request: z.infer<typeof listSharedSchema>,
): Promise<Page<SharedLicence>> {
  const bound = await openBoundUse(house, caller, 'sharing.list', request.useCode);
  const limit = pageLimit(request);
  const found = await findWithinUse(house, bound, { after: request.after, limit: limit + 1 });
  const { items: rows, next } = toPage(found, limit, (row) => row.id);
  const licenceIds = rows.map((row) => row.id);
  await logAccess(house, caller, {
    ...factsOf(bound),
    act: 'sharing.list',
    licenceIds,
    details: { useId: bound.use.id },
  });
  const names = await house.db.rows.catalogueEntries.findAll({
    where: { code: rows.map((row) => row.catalogueCode) },
    attributes: ['code', 'version', 'name'],
  });
  const disputed = await findDisputed(house, rows);
  const standing = await findStanding(house, rows);
  const items = rows.map((row) => ({
    identifier: row.identifier ?? '',
    catalogueCode: row.catalogueCode,
    catalogueName:
      names.find(({ code, version }) => code === row.catalogueCode && version === row.catalogueVersion)?.name ?? '',
    licenceNumber: row.licenceNumber,
    issuingBody: row.issuingBody,
    issuedOn: row.issuedOn,
    validFrom: row.validFrom,
    validTo: row.validTo,
    status: standing.get(row.id) ?? null,
    ...viewStock(row),
    disputed: disputed.has(row.id),
  }));
  return { items, next };
}
