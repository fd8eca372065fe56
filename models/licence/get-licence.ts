/** Read one licence with its holders, files and change records, or a page of a department's own. */
import { Op } from 'sequelize';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import { revealHolderNumber } from '../holder/find-or-add-holder.ts';
import type { HolderColumns } from '../holder/rows.ts';
import type { Caller, House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { pageLimit, toPage, type Page, type PageRequest } from '../kernel/page.ts';
import { maskNumber } from '../kernel/sensitive.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { LicenceColumns } from './rows.ts';
import { statusOn, type LicenceState, type LicenceStatus } from './states.ts';

export interface LicenceView {
  readonly licenceId: string;
  readonly state: LicenceState;
  readonly status: LicenceStatus | null;
  readonly identifier: string | null;
  readonly catalogueCode: string;
  readonly catalogueVersion: number;
  readonly catalogueName: string;
  readonly issuingBody: string;
  readonly licenceNumber: string;
  /** Numbers are masked. */
  readonly holders: readonly {
    readonly holderId: string;
    readonly name: string;
    readonly type: string;
    readonly number: string;
  }[];
  readonly fields: Readonly<Record<string, string>>;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly issuedOn: string | null;
  readonly caseNumber: string | null;
  readonly commitment: boolean;
  readonly source: LicenceColumns['source'];
  readonly verificationCode: string | null;
  readonly files: readonly { readonly format: string; readonly version: number; readonly sizeBytes: number; readonly sm3: string }[];
  readonly reviews: readonly { readonly decision: string; readonly reviewerType: string; readonly reason: string | null; readonly at: string }[];
  readonly changes: readonly {
    readonly act: string;
    readonly fromStatus: string | null;
    readonly toStatus: string;
    readonly legalBasis: string | null;
    readonly reason: string | null;
    readonly at: string;
  }[];
}

const ISSUER_ROLES = ['issuer.clerk', 'issuer.reviewer', 'issuer.seal-keeper'] as const;

/** Throws `NOT_FOUND`, also for another department's licence: its existence is not told. */
export async function getOwnLicence(house: House, caller: Caller, licenceId: string): Promise<LicenceColumns> {
  requireRole(caller, ...ISSUER_ROLES);
  const row = await house.db.rows.licences.findByPk(licenceId);
  if (!row || row.issuingBody !== requireOrganisation(caller)) throw new Fault('NOT_FOUND');
  return row.get();
}

export async function readLicence(house: House, caller: Caller, licenceId: string): Promise<LicenceView> {
  let row: LicenceColumns;
  try {
    row = await getOwnLicence(house, caller, licenceId);
  } catch (error) {
    await logAccess(house, caller, { act: 'licence.read', outcome: 'refused', licenceId: licenceId.slice(0, 64) });
    throw error;
  }
  await logAccess(house, caller, { act: 'licence.read', licenceId });
  return viewLicence(house, row);
}

export async function listOwnLicences(
  house: House,
  caller: Caller,
  request: PageRequest & { readonly state?: LicenceState | undefined },
): Promise<Page<LicenceView>> {
  requireRole(caller, ...ISSUER_ROLES);
  await logAccess(house, caller, { act: 'licence.list', details: { state: request.state ?? null } });
  const limit = pageLimit(request);
  const rows = await house.db.rows.licences.findAll({
    where: {
      issuingBody: requireOrganisation(caller),
      ...(request.state ? { state: request.state } : {}),
      ...(request.after ? { id: { [Op.lt]: request.after } } : {}),
    },
    order: [['id', 'DESC']],
    limit: limit + 1,
  });
  const views = await Promise.all(rows.map((row) => viewLicence(house, row.get())));
  return toPage(views, limit, (view) => view.licenceId);
}

export type LicenceHolder = HolderColumns & { readonly nameOnFace: string };

/** The holders of a licence in their order. */
export async function findHolders(house: House, licenceId: string, tx?: Tx): Promise<readonly LicenceHolder[]> {
  const options = tx ? { transaction: tx } : {};
  const links = await house.db.rows.licenceHolders.findAll({ where: { licenceId }, order: [['position', 'ASC']], ...options });
  const rows = await house.db.rows.holders.findAll({ where: { id: { [Op.in]: links.map((link) => link.holderId) } }, ...options });
  const byId = new Map(rows.map((row) => [row.id, row.get()]));
  return links.flatMap((link) => {
    const holder = byId.get(link.holderId);
    return holder ? [{ ...holder, nameOnFace: link.name }] : [];
  });
}

export async function viewLicence(house: House, row: LicenceColumns, tx?: Tx): Promise<LicenceView> {
  const { licenceFiles, reviews, changes, catalogueEntries } = house.db.rows;
  const options = tx ? { transaction: tx } : {};
  const where = { licenceId: row.id };
  const holders = await findHolders(house, row.id, tx);
  const files = await licenceFiles.findAll({ where, order: [['version', 'ASC'], ['format', 'ASC']], ...options });
  const reviewed = await reviews.findAll({ where, order: [['id', 'ASC']], ...options });
  const changed = await changes.findAll({ where, order: [['sequence', 'ASC']], ...options });
  const entry = await catalogueEntries.findOne({
    where: { code: row.catalogueCode, version: row.catalogueVersion },
    attributes: ['name'],
    ...options,
  });
  return {
    licenceId: row.id,
    state: row.state,
    status: statusOn(row, toShanghaiDate(house.clock())),
    identifier: row.identifier,
    catalogueCode: row.catalogueCode,
    catalogueVersion: row.catalogueVersion,
    catalogueName: entry?.name ?? '',
    issuingBody: row.issuingBody,
    licenceNumber: row.licenceNumber,
    holders: holders.map((holder) => ({
      holderId: holder.id,
      name: holder.nameOnFace,
      type: holder.type,
      number: maskNumber(revealHolderNumber(house, holder)),
    })),
    fields: row.fields,
    validFrom: row.validFrom,
    validTo: row.validTo,
    issuedOn: row.issuedOn,
    caseNumber: row.caseNumber,
    commitment: row.commitment,
    source: row.source,
    verificationCode: row.verificationCode,
    files: files.map(({ format, version, sizeBytes, digest }) => ({ format, version, sizeBytes, sm3: digest })),
    reviews: reviewed.map(({ decision, reviewerType, reason, createdAt }) => ({
      decision,
      reviewerType,
      reason,
      at: createdAt.toISOString(),
    })),
    changes: changed.map(({ act, fromStatus, toStatus, legalBasis, reason, createdAt }) => ({
      ...{ act, fromStatus, toStatus, legalBasis, reason },
      at: createdAt.toISOString(),
    })),
  };
}
