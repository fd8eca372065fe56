/** Hand in a sheet of licences (R-30(2), R-34): the import is opened, and the worker goes through it. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { findCurrentEntry } from '../catalogue/find-entry.ts';
import type { Caller, House, Remember } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { judgeClosingTime } from '../kernel/closing-time.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { requireActive } from '../organisation/require-active.ts';
import { isDuplicate, withTransaction } from '../store/with-transaction.ts';
import { IMPORT_KINDS, type ImportColumns, type ImportDeclaration } from './rows.ts';
import { discardFile, type ReceivedFile } from './stored-file.ts';
import { type ImportView, viewImport } from './view-import.ts';

const flag = z.enum(['true', 'false']).transform((text) => text === 'true');

export const importOrderSchema = z.strictObject({
  /** What its rows are: licences, changes of status of licences that stand, data of theirs, or closing notices. */
  kind: z.enum(IMPORT_KINDS).default('licence'),
  catalogueCode: z.string().length(21),
  /** The file as its owner calls it. */
  name: writtenText(200).default('sheet'),
  mode: z.enum(['dry-run', 'apply']).default('dry-run'),
  /** Licences issued on paper before, which are digitised. */
  stock: flag.default(false),
  /** Why new licences come by sheet: offline, or a large one-off batch. */
  way: z.enum(['offline', 'batch']).optional(),
  reason: writtenText(500).optional(),
  /** Of a batch. */
  caseNumber: writtenText(64).optional(),
  closedAt: z.iso.datetime({ offset: true }).optional(),
  /** The same bytes once more: a new import instead of the one there is. */
  again: flag.default(false),
});
export type ImportOrder = z.infer<typeof importOrderSchema>;

/** Whoever may hand in a sheet; asked before its bytes are read. */
export function requireImporter(caller: Caller): string {
  requireRole(caller, 'issuer.clerk');
  return requireOrganisation(caller);
}

/** The same bytes for the same purpose are the same import. Throws `CATALOGUE_UNKNOWN`, `FOREIGN_ISSUER`,
 *  `ORGANISATION_NOT_ACTIVE`, `BATCH_DECLARED_LATE`, and the faults of the order. */
export async function openImport(
  house: House,
  caller: Caller,
  order: ImportOrder,
  file: ReceivedFile,
  remember?: Remember<ImportView>,
): Promise<ImportView> {
  try {
    return await keepImport(house, caller, order, file, remember);
  } catch (error) {
    // Handed in twice at the same moment: the other one won.
    if (isDuplicate(error)) return await keepImport(house, caller, order, file, remember);
    throw error;
  } finally {
    // Nothing is thrown away that an import keeps.
    await discardFile(house, file.id);
  }
}

async function keepImport(
  house: House,
  caller: Caller,
  order: ImportOrder,
  file: ReceivedFile,
  remember: Remember<ImportView> | undefined,
): Promise<ImportView> {
  const issuingBody = requireImporter(caller);
  const entry = await findCurrentEntry(house, order.catalogueCode);
  if (!entry) throw new Fault('CATALOGUE_UNKNOWN');
  if (entry.issuingBody !== issuingBody) throw new Fault('FOREIGN_ISSUER');
  await requireActive(house, issuingBody);
  const declaration = await judgeDeclaration(house, issuingBody, order);
  const { kind, catalogueCode, mode, stock } = order;
  const purpose = [issuingBody, catalogueCode, mode, stock, file.digest, ...(kind === 'licence' ? [] : [kind])];
  const onceKey = sm3Hex(JSON.stringify(purpose));
  const row = composeImport(house, caller, order, file, { issuingBody, onceKey, declaration });
  return withTransaction(house.db, async (tx) => {
    const { imports, importFiles } = house.db.rows;
    const known = await imports.findOne({ where: { onceKey }, transaction: tx, lock: true });
    if (known && !order.again) {
      const view = await viewImport(house, known.get(), tx);
      await remember?.(tx, view);
      return view;
    }
    await known?.update({ onceKey: null }, { transaction: tx });
    await imports.create(row, { transaction: tx });
    await importFiles.update({ state: 'kept' }, { where: { id: file.id }, transaction: tx });
    const view = await viewImport(house, row, tx);
    await remember?.(tx, view);
    await appendAudit(house, tx, caller, {
      act: 'licence.import',
      details: { importId: row.id, kind, catalogueCode, mode, stock, sheet: file.digest },
    });
    return view;
  });
}

/** New licences state why they come by sheet; a batch is declared no later than on the day it is closed. */
async function judgeDeclaration(
  house: House,
  issuingBody: string,
  { kind, mode, stock, way, reason, caseNumber, closedAt, catalogueCode }: ImportOrder,
): Promise<ImportDeclaration | null> {
  if (kind !== 'licence' && stock) throwFaults([{ pointer: '/stock', code: 'FIELD_UNKNOWN' }]);
  if (kind !== 'licence' || mode === 'dry-run' || stock) return null;
  const batch = way === 'batch';
  const required = { way, reason, ...(batch ? { caseNumber, closedAt } : {}) };
  const missing = Object.entries(required).filter(([, value]) => value === undefined);
  throwFaults(missing.map(([key]): PointedFault => ({ pointer: `/${key}`, code: 'FIELD_REQUIRED' })));
  if (way === undefined || reason === undefined) return null;
  if (!batch || caseNumber === undefined || closedAt === undefined) return { way, reason };
  const now = house.clock();
  const wrong = judgeClosingTime(closedAt, now);
  if (wrong) throwFaults([{ pointer: '/closedAt', code: wrong }]);
  const known = await house.db.rows.cases.findOne({
    where: { issuingBody, caseNumber, catalogueCode, withdrawnKey: '' },
  });
  const closed = toShanghaiDate(new Date(closedAt));
  const declared = known?.mode === 'batch' ? known.noticedAt : now;
  if (toShanghaiDate(declared) > closed) throw new Fault('BATCH_DECLARED_LATE', { detail: closed });
  return { way, reason, caseNumber, closedAt };
}

function composeImport(
  house: House,
  caller: Caller,
  { kind, catalogueCode, mode, stock, name }: ImportOrder,
  file: ReceivedFile,
  facts: Pick<ImportColumns, 'issuingBody' | 'onceKey' | 'declaration'>,
): ImportColumns {
  const now = house.clock();
  return {
    ...facts,
    ...{ id: house.newId(), kind, catalogueCode, mode, stock, state: 'reading', fileId: file.id, fileName: name },
    ...{ digest: file.digest, sizeBytes: file.sizeBytes, format: null, headings: null, caseId: null },
    ...{ total: 0, nextPart: 0, judged: 0, accepted: 0, alreadyThere: 0, refused: 0, advancedRow: 0 },
    ...{ fault: null, createdAt: now, createdBy: caller.id, runAt: now, lockedUntil: null, owner: null, endedAt: null },
    creator: { type: caller.type === 'system' ? 'system' : 'person', name: caller.name },
  };
}
