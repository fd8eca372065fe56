/** What a department is told of its import, and what is wrong with its rows. */
import { Op, QueryTypes } from 'sequelize';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { Fault, type PointedFault } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { ISSUER_ROLES } from '../licence/get-own-licence.ts';
import type { LicenceState } from '../licence/states.ts';
import type { Tx } from '../store/with-transaction.ts';
import type { ImportColumns, ImportDeclaration, ImportRowColumns, ImportState } from './rows.ts';

export interface ImportView {
  readonly importId: string;
  readonly kind: ImportColumns['kind'];
  readonly catalogueCode: string;
  readonly mode: ImportColumns['mode'];
  readonly stock: boolean;
  readonly state: ImportState;
  readonly fileName: string;
  readonly sizeBytes: number;
  readonly sm3: string;
  readonly rows: {
    readonly total: number;
    readonly judged: number;
    readonly accepted: number;
    readonly alreadyThere: number;
    readonly refused: number;
  };
  /** Its licences by the state they are in. */
  readonly licences: Readonly<Partial<Record<LicenceState, number>>>;
  readonly scans: { readonly received: number; readonly attached: number; readonly refused: number };
  readonly declaration: ImportDeclaration | null;
  /** Why the sheet as a whole was not taken. */
  readonly fault: ImportColumns['fault'];
  readonly createdAt: string;
  readonly endedAt: string | null;
}

export interface ImportRowView {
  readonly row: number;
  readonly outcome: ImportRowColumns['outcome'];
  readonly licenceId: string | null;
  readonly faults: readonly PointedFault[];
}

/** Throws `NOT_FOUND`, also for another department's import. */
export async function getImport(house: House, caller: Caller, id: string): Promise<ImportColumns> {
  requireRole(caller, ...ISSUER_ROLES);
  const row = await house.db.rows.imports.findByPk(id);
  if (!row || row.issuingBody !== requireOrganisation(caller)) throw new Fault('NOT_FOUND');
  return row.get();
}

export async function readImport(house: House, caller: Caller, id: string): Promise<ImportView> {
  const row = await getImport(house, caller, id);
  await logAccess(house, caller, { act: 'licence.list', details: { importId: id } });
  return viewImport(house, row);
}

export async function viewImport(house: House, row: ImportColumns, tx?: Tx): Promise<ImportView> {
  const { id, total, judged, accepted, alreadyThere, refused } = row;
  const scans = await countBy(
    house,
    `SELECT state, COUNT(*) AS count FROM licence_scans WHERE import_id = ? GROUP BY state`,
    id,
    tx,
  );
  const licences = await countBy(
    house,
    `SELECT l.state AS state, COUNT(*) AS count FROM import_rows r JOIN licences l ON l.id = r.licence_id
     WHERE r.import_id = ? AND r.outcome = 'accepted' GROUP BY l.state`,
    id,
    tx,
  );
  return {
    importId: id,
    ...{ kind: row.kind, catalogueCode: row.catalogueCode, mode: row.mode, stock: row.stock, state: row.state },
    ...{ fileName: row.fileName, sizeBytes: row.sizeBytes, sm3: row.digest },
    rows: { total, judged, accepted, alreadyThere, refused },
    licences,
    scans: { received: scans.received ?? 0, attached: scans.attached ?? 0, refused: scans.refused ?? 0 },
    ...{ declaration: row.declaration, fault: row.fault },
    ...{ createdAt: row.createdAt.toISOString(), endedAt: row.endedAt?.toISOString() ?? null },
  };
}

async function countBy(house: House, sql: string, id: string, tx?: Tx): Promise<Record<string, number>> {
  const rows = await house.db.sequelize.query<{ state: string; count: number }>(sql, {
    replacements: [id],
    type: QueryTypes.SELECT,
    ...(tx ? { transaction: tx } : {}),
  });
  return Object.fromEntries(rows.map(({ state, count }) => [state, Number(count)]));
}

export async function listImports(house: House, caller: Caller, request: PageRequest): Promise<Page<ImportView>> {
  requireRole(caller, ...ISSUER_ROLES);
  const issuingBody = requireOrganisation(caller);
  const limit = pageLimit(request);
  const rows = await house.db.rows.imports.findAll({
    where: { issuingBody, ...(request.after ? { id: { [Op.lt]: request.after } } : {}) },
    order: [['id', 'DESC']],
    limit: limit + 1,
  });
  await logAccess(house, caller, { act: 'licence.list', details: { imports: rows.length } });
  const views = await Promise.all(rows.map((row) => viewImport(house, row.get())));
  return toPage(views, limit, ({ importId }) => importId);
}

/** What became of the rows, in their order. */
export async function listImportRows(
  house: House,
  caller: Caller,
  id: string,
  request: PageRequest & { readonly outcome?: ImportRowColumns['outcome'] | undefined },
): Promise<Page<ImportRowView>> {
  await getImport(house, caller, id);
  const limit = pageLimit(request);
  const rows = await house.db.rows.importRows.findAll({
    where: {
      importId: id,
      ...(request.outcome ? { outcome: request.outcome } : {}),
      ...(request.after ? { sheetRow: { [Op.gt]: Number(request.after) || 0 } } : {}),
    },
    order: [['sheetRow', 'ASC']],
    limit: limit + 1,
  });
  await logAccess(house, caller, { act: 'licence.list', details: { importId: id } });
  const views = rows.map(({ sheetRow, outcome, licenceId, faults }) => ({
    ...{ row: sheetRow, outcome, licenceId },
    faults: faults ?? [],
  }));
  return toPage(views, limit, ({ row }) => String(row));
}
