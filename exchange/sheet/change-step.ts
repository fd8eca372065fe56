/** Second part of a sheet of the management service: one step of lines is judged and the good ones are done, by the acts that a single
 *  call would do. What was done is kept with its row in the transaction of the act; a step that is taken up again passes over it. */
import { findCurrentEntry } from '../../models/catalogue/index.ts';
import type { House } from '../../models/house.ts';
import { endOf, getPart, type ImportColumns, type ImportRowColumns, keepStep } from '../../models/import/index.ts';
import { canonicalJson } from '../../models/kernel/canonical-json.ts';
import { Fault, type PointedFault } from '../../models/kernel/fault.ts';
import { toPointedFaults } from '../../models/kernel/zod-faults.ts';
import { MOVES, type StatusAct } from '../../models/licence/index.ts';
import { insertRows, readRows, type Tx, withTransaction } from '../../models/store/index.ts';
import { CHANGE_SCHEMAS, type Change, type ChangeKind, type ChangeOutcome, changeAll, tryAll } from './change-rows.ts';
import { importKind } from './import-kind.ts';
import { toInput } from './judge-rows.ts';
import { importCaller } from './judge-step.ts';
import { locateRows, type Named } from './locate-rows.ts';
import { pointerOf, toSheetFaults } from './read-row.ts';
import { matchHeadings, readCells } from './read-sheet.ts';
import type { SheetLine } from './read-xlsx.ts';
import type { SheetColumn, SheetKind } from './sheet-kind.ts';

interface ReadChange {
  readonly row: number;
  readonly named: Named;
  readonly body: unknown;
  readonly fingerprint: string;
  readonly faults: readonly PointedFault[];
}

/** Gives the import as it now is; `done` after the last step. */
export async function changeStep(house: House, work: ImportColumns): Promise<ImportColumns> {
  const plain = await getPart(house, work.id, work.nextPart);
  if (plain === undefined)
    return withTransaction(house.db, (tx) => keepStep(house, tx, work, { state: 'done', ...endOf(house) }));
  const entry = await findCurrentEntry(house, work.catalogueCode);
  if (!entry || !work.headings || work.kind === 'licence') throw new Fault('CATALOGUE_UNKNOWN');
  const kind = importKind(work.kind, entry);
  const columns = matchHeadings(kind, work.headings);
  const lines = JSON.parse(plain) as readonly SheetLine[];
  const sheetRow = lines.map(({ row }) => row);
  const answered = await readRows(house.db.rows.importRows, { where: { importId: work.id, sheetRow } });
  const before = new Set(answered.map((row) => row.sheetRow));
  const open = lines.filter(({ row }) => !before.has(row)).map((line) => readChange(house, work, columns, line));
  return work.mode === 'dry-run' ? tryStep(house, work, kind, open) : applyStep(house, work, kind, open);
}

function readChange(
  house: Pick<House, 'cipher'>,
  work: ImportColumns,
  columns: readonly SheetColumn[],
  line: SheetLine,
): ReadChange {
  const cellFaults: PointedFault[] = [];
  const said = toInput(readCells(line, columns, cellFaults)) as Named & Readonly<Record<string, unknown>>;
  const { identifier, licenceNumber, ...own } = said;
  const rest = work.kind === 'case' ? { catalogueCode: work.catalogueCode, ...own } : own;
  const named = { identifier: identifier?.trim().toUpperCase(), licenceNumber: licenceNumber?.trim() };
  const result = CHANGE_SCHEMAS[work.kind as ChangeKind].safeParse(rest, { reportInput: true });
  const unread = cellFaults.map((fault) => ({ ...fault, pointer: pointerOf(columns, line.row, fault.pointer) }));
  const places = new Set(unread.map(({ pointer }) => pointer));
  const judged = result.success
    ? []
    : toPointedFaults(result.error.issues).filter(({ pointer }) => !places.has(pointer));
  const text = canonicalJson({ kind: work.kind, catalogueCode: work.catalogueCode, said });
  return {
    ...{ row: line.row, named, body: result.success ? result.data : rest, faults: [...unread, ...judged] },
    fingerprint: house.cipher.blindIndex('import_rows.fingerprint', text),
  };
}

type Answer = Pick<ImportRowColumns, 'outcome' | 'licenceId' | 'faults'>;
type Judged = { readonly change: Change } | { readonly answer: Answer };

/** Which rows are to be done; the others with their answers. */
async function judge(
  house: House,
  work: ImportColumns,
  kind: SheetKind,
  rows: readonly ReadChange[],
): Promise<Judged[]> {
  const named = rows.map((row) => row.named);
  // A notice is of a case; whether that is known is told when it is closed.
  const found =
    work.kind === 'case' ? named.map(() => ({ licenceId: null, status: null })) : await locateRows(house, work, named);
  const done = await findDone(house, work, rows);
  return rows.map(({ row, faults, body, fingerprint }, place): Judged => {
    const at = found[place];
    const all = [...faults, ...(at && 'fault' in at ? [at.fault] : [])];
    if (!at || 'fault' in at || all.length > 0)
      return { answer: refused(kind, row, new Fault('REQUEST_INVALID', { errors: all })) };
    const { licenceId, status } = at;
    // The same row in another file is there as long as its licence stands where the row wants it.
    const there = done.has(`${fingerprint} ${licenceId}`) && work.kind === 'status' && isWhere(body, status);
    return there ? { answer: { outcome: 'there', licenceId, faults: null } } : { change: { licenceId, body } };
  });
}

const isWhere = (body: unknown, status: string | null) => MOVES[(body as { act: StatusAct }).act].to === status;

async function findDone(house: House, work: ImportColumns, rows: readonly ReadChange[]): Promise<ReadonlySet<string>> {
  const before = await readRows(house.db.rows.importRows, {
    where: { fingerprint: rows.map(({ fingerprint }) => fingerprint), outcome: 'accepted' },
    attributes: ['importId', 'licenceId', 'fingerprint'],
  });
  const others = before.filter(({ importId, licenceId }) => importId !== work.id && licenceId !== null);
  return new Set(others.map(({ fingerprint, licenceId }) => `${fingerprint} ${licenceId}`));
}

function refused(kind: SheetKind, row: number, fault: Fault): Answer {
  return { outcome: 'refused', licenceId: null, faults: toSheetFaults(kind, row, fault) };
}

function answerOf(kind: SheetKind, row: number, outcome: ChangeOutcome | undefined): Answer {
  if (!outcome || 'fault' in outcome) return refused(kind, row, outcome?.fault ?? new Fault('INTERNAL'));
  const { licenceId, pointers } = outcome.done;
  return { outcome: pointers?.length === 0 ? 'there' : 'accepted', licenceId, faults: null };
}

async function applyStep(
  house: House,
  work: ImportColumns,
  kind: SheetKind,
  rows: readonly ReadChange[],
): Promise<ImportColumns> {
  const judged = await judge(house, work, kind, rows);
  const places = judged.flatMap((one, place) => ('change' in one ? [place] : []));
  const changes = judged.flatMap((one) => ('change' in one ? [one.change] : []));
  let next = work;
  const kept = new Set<number>();
  const outcomes = await changeAll(
    house,
    importCaller(work),
    work.kind as ChangeKind,
    changes,
    async (tx, done) => {
      kept.clear();
      const answers = done.flatMap(({ index, done: one }) => {
        const place = places[index] ?? -1;
        const row = rows[place];
        kept.add(place);
        return row ? [compose(work, row, answerOf(kind, row.row, { done: one }))] : [];
      });
      next = await keepAnswers(house, tx, work, answers, {});
    },
    work.createdAt,
  );
  const became = new Map(places.map((place, index) => [place, outcomes[index]]));
  const left = rows.flatMap((row, place) => {
    const one = judged[place];
    if (kept.has(place) || !one) return [];
    return [compose(work, row, 'answer' in one ? one.answer : answerOf(kind, row.row, became.get(place)))];
  });
  return withTransaction(house.db, (tx) => keepAnswers(house, tx, next, left, { nextPart: work.nextPart + 1 }));
}

async function tryStep(
  house: House,
  work: ImportColumns,
  kind: SheetKind,
  rows: readonly ReadChange[],
): Promise<ImportColumns> {
  const judged = await judge(house, work, kind, rows);
  const changes = judged.flatMap((one) => ('change' in one ? [one.change] : []));
  const outcomes = [...(await tryAll(house, importCaller(work), work.kind as ChangeKind, changes, work.createdAt))];
  const answers = rows.map((row, place) => {
    const one = judged[place];
    if (one && 'answer' in one) return compose(work, row, one.answer);
    // Nothing was done to it: it is no row by which another is known.
    return compose(work, row, { ...answerOf(kind, row.row, outcomes.shift()), licenceId: null });
  });
  return withTransaction(house.db, (tx) => keepAnswers(house, tx, work, answers, { nextPart: work.nextPart + 1 }));
}

function compose(work: ImportColumns, { row, fingerprint }: ReadChange, answer: Answer): ImportRowColumns {
  const id = `${work.id}:${row}`;
  return { id, importId: work.id, sheetRow: row, numberKey: null, fingerprint, ...answer };
}

async function keepAnswers(
  house: House,
  tx: Tx,
  work: ImportColumns,
  answers: readonly ImportRowColumns[],
  changes: Partial<ImportColumns>,
): Promise<ImportColumns> {
  const count = (outcome: ImportRowColumns['outcome']) => answers.filter((row) => row.outcome === outcome).length;
  // The lease first: whoever has lost it keeps nothing.
  const next = await keepStep(house, tx, work, {
    ...changes,
    judged: work.judged + answers.length,
    accepted: work.accepted + count('accepted'),
    alreadyThere: work.alreadyThere + count('there'),
    refused: work.refused + count('refused'),
  });
  await insertRows(house.db, tx, house.db.rows.importRows, answers);
  return next;
}
