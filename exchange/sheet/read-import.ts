/** First part of an import: the sheet is read through once and laid down in steps of some lines, so that every later step finds
 *  its lines at once. Read again after an interruption, it lays down the same. */
import { findCurrentEntry } from '../../models/catalogue/index.ts';
import { recordCases } from '../../models/deadline/index.ts';
import type { House } from '../../models/house.ts';
import { type ImportColumns, keepStep, openStoredFile, putPart } from '../../models/import/index.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { type Tx, withTransaction } from '../../models/store/index.ts';
import { importKind } from './import-kind.ts';
import { IMPORT_BOUNDS, LINES_A_STEP, MOST_IMPORT_ROWS } from './import-limits.ts';
import { formatOf, isHint, matchHeadings, readLines } from './read-sheet.ts';
import type { SheetLine } from './read-xlsx.ts';

/** Between two looks at the lease. */
const STEPS_A_LEASE = 20;

/** Gives the import with its lines at hand, in state `judging`. Throws what is wrong with the sheet as a whole. */
export async function layDownLines(house: House, opened: ImportColumns): Promise<ImportColumns> {
  let work = opened;
  const file = openStoredFile(house, { id: work.fileId, sizeBytes: work.sizeBytes });
  const format = await formatOf(file);
  let headings: SheetLine | undefined;
  let waiting: SheetLine[] = [];
  let total = 0;
  let steps = 0;
  const layDown = async () => {
    await putPart(house, work.id, steps, JSON.stringify(waiting));
    waiting = [];
    steps += 1;
    if (steps % STEPS_A_LEASE === 0) work = await withTransaction(house.db, (tx) => keepStep(house, tx, work, {}));
  };
  for await (const line of readLines(file, IMPORT_BOUNDS)) {
    if (!headings) {
      await checkHeadings(house, work, line);
      headings = line;
    } else if (!isHint(line)) {
      total += 1;
      if (total > MOST_IMPORT_ROWS) throw new Fault('REQUEST_TOO_LARGE', { detail: `≤ ${MOST_IMPORT_ROWS} 行` });
      waiting.push(line);
      if (waiting.length === LINES_A_STEP) await layDown();
    }
  }
  if (waiting.length > 0) await layDown();
  if (!headings || total === 0)
    throw new Fault('REQUEST_INVALID', { errors: [{ pointer: '/rows', code: 'FIELD_REQUIRED' }] });
  const found = { format, headings: { row: headings.row, cells: headings.cells }, total, state: 'judging' as const };
  return withTransaction(house.db, async (tx) => {
    const caseId = await declareBatch(house, tx, work, total);
    return keepStep(house, tx, work, { ...found, ...(caseId === null ? {} : { caseId }) });
  });
}

async function checkHeadings(house: House, work: ImportColumns, line: SheetLine): Promise<void> {
  const entry = await findCurrentEntry(house, work.catalogueCode);
  if (!entry) throw new Fault('CATALOGUE_UNKNOWN');
  matchHeadings(importKind(work.kind, entry), line);
}

/** A large one-off batch has a clock of its own, which runs until all that was declared has come,
 *  by its notice or by its sheets. A case that was closed in another way is no batch. */
async function declareBatch(house: House, tx: Tx, work: ImportColumns, total: number): Promise<string | null> {
  const { declaration, issuingBody, catalogueCode } = work;
  if (declaration?.way !== 'batch' || !declaration.caseNumber || !declaration.closedAt) return null;
  const least = house.leastBatchRows ?? 1;
  if (total < least) throw new Fault('BATCH_TOO_SMALL', { detail: `≥ ${least} 行` });
  const { caseNumber, closedAt } = declaration;
  const notice = { caseNumber, catalogueCode, mode: 'batch' as const, closedAt };
  const [one] = await recordCases(house, tx, issuingBody, [notice], 'sheet');
  if (one?.mode !== 'batch') throw new Fault('CASE_NOT_A_BATCH', { detail: caseNumber });
  const row = await house.db.rows.cases.findOne({
    where: { issuingBody, caseNumber, catalogueCode, withdrawnKey: '' },
    attributes: ['id'],
    transaction: tx,
  });
  return row?.id ?? null;
}
