/** Second part of an import: one step of lines is judged by the same rules as any submission; what is good is stored, what each
 *  row came to is kept with it, and the next step begins behind it. All in one transaction. */
import { findCurrentEntry } from '../../models/catalogue/index.ts';
import { endBatch, forgetCounts } from '../../models/deadline/index.ts';
import type { Caller, House } from '../../models/house.ts';
import { endOf, getPart, type ImportColumns, type ImportRowColumns, keepStep } from '../../models/import/index.ts';
import { Fault } from '../../models/kernel/fault.ts';
import {
  type JudgedSubmission,
  judgeSubmissions,
  type SubmissionOutcome,
  submitLicences,
} from '../../models/licence/index.ts';
import { insertRows, type Tx, withTransaction } from '../../models/store/index.ts';
import { importKind } from './import-kind.ts';
import { findKnownRows, type KnownRow } from './known-rows.ts';
import { type ReadRow, readRow, toSheetFaults } from './read-row.ts';
import { matchHeadings } from './read-sheet.ts';
import type { SheetLine } from './read-xlsx.ts';
import type { SheetKind } from './sheet-kind.ts';

/** Gives the import as it now is; `advancing` or `done` after the last step. */
export async function judgeStep(house: House, work: ImportColumns): Promise<ImportColumns> {
  const plain = await getPart(house, work.id, work.nextPart);
  if (plain === undefined) return withTransaction(house.db, (tx) => endJudging(house, tx, work));
  const entry = await findCurrentEntry(house, work.catalogueCode);
  if (!entry || !work.headings) throw new Fault('CATALOGUE_UNKNOWN');
  const kind = importKind(work.kind, entry);
  const columns = matchHeadings(kind, work.headings);
  const lines = JSON.parse(plain) as readonly SheetLine[];
  const rows = lines.map((line) => readRow(house, work, entry, columns, line));
  const known = await findKnownRows(house, work, rows);
  const fresh = rows.filter(({ line }) => !known.has(line.row));
  const items = fresh.map(({ body, unread, from }) => ({ body, unread, from }));
  const caller = importCaller(work);
  const answer = (outcomes: readonly SubmissionOutcome[]) => {
    const became = new Map(known);
    for (const [place, row] of fresh.entries()) became.set(row.line.row, becomes(kind, row, outcomes[place]));
    return rows.map((row) => composeRow(work, row, became.get(row.line.row)));
  };
  if (work.mode === 'dry-run') {
    const outcomes = (await judgeSubmissions(house, caller, items)).map(withoutEffect);
    return withTransaction(house.db, (tx) => keepRows(house, tx, work, answer(outcomes)));
  }
  let next = work;
  const keep = async (tx: Tx, outcomes: readonly SubmissionOutcome[]) => {
    next = await keepRows(house, tx, work, answer(outcomes));
  };
  await submitLicences(house, caller, items, keep, await findCaseWay(house, work));
  return next;
}

function withoutEffect(judged: JudgedSubmission): SubmissionOutcome {
  return 'fault' in judged ? judged : { done: { licenceId: '', state: 'submitted', licenceNumber: '' } };
}

/** Cases of the rows were closed as the whole import was declared. The case of a batch is the batch itself. */
async function findCaseWay(house: House, { declaration, caseId }: ImportColumns) {
  if (!declaration) return undefined;
  const batch = caseId === null ? null : await house.db.rows.cases.findByPk(caseId);
  const closed = batch ? { batchClosedAt: batch.closedAt } : {};
  return { mode: declaration.way, offlineReason: declaration.reason, ...closed };
}

function becomes(kind: SheetKind, { line }: ReadRow, outcome: SubmissionOutcome | undefined): KnownRow {
  if (outcome && 'done' in outcome)
    return { outcome: 'accepted', licenceId: outcome.done.licenceId || null, faults: null };
  const faults = toSheetFaults(kind, line.row, outcome?.fault ?? new Fault('INTERNAL'));
  return { outcome: 'refused', licenceId: null, faults };
}

/** The one who handed the sheet in: nobody reviews what they submitted themselves. */
export function importCaller({ id, createdBy, creator, issuingBody }: ImportColumns): Caller {
  const who = { type: creator.type, id: createdBy, name: creator.name, organisationCode: issuingBody };
  return { ...who, roles: ['issuer.clerk'], address: null, requestId: `import-${id}` };
}

function composeRow(
  work: ImportColumns,
  { line, numberKey, fingerprint }: ReadRow,
  became: KnownRow | undefined,
): ImportRowColumns {
  if (!became) throw new Error('a row was passed over');
  const id = `${work.id}:${line.row}`;
  return { id, importId: work.id, sheetRow: line.row, numberKey: numberKey ?? null, fingerprint, ...became };
}

async function keepRows(
  house: House,
  tx: Tx,
  work: ImportColumns,
  rows: readonly ImportRowColumns[],
): Promise<ImportColumns> {
  const count = (outcome: ImportRowColumns['outcome']) => rows.filter((row) => row.outcome === outcome).length;
  // The lease first: whoever has lost it keeps nothing.
  const next = await keepStep(house, tx, work, {
    nextPart: work.nextPart + 1,
    judged: work.judged + rows.length,
    accepted: work.accepted + count('accepted'),
    alreadyThere: work.alreadyThere + count('there'),
    refused: work.refused + count('refused'),
  });
  await insertRows(house.db, tx, house.db.rows.importRows, rows);
  if (work.caseId) await forgetCounts(house, tx, { id: work.caseId });
  return next;
}

async function endJudging(house: House, tx: Tx, work: ImportColumns): Promise<ImportColumns> {
  const applied = work.mode === 'apply';
  if (applied && work.caseId) await endBatch(house, tx, work.caseId, work.id);
  const goesOn = applied && work.accepted + work.alreadyThere > 0;
  return keepStep(house, tx, work, goesOn ? { state: 'advancing' } : { state: 'done', ...endOf(house) });
}
