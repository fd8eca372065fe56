/** A line of an import as a submission, and the faults of a submission as places in the sheet. */
import type { CatalogueColumns } from '../../models/catalogue/index.ts';
import type { House } from '../../models/house.ts';
import type { ImportColumns } from '../../models/import/index.ts';
import { canonicalJson } from '../../models/kernel/canonical-json.ts';
import type { Fault, PointedFault } from '../../models/kernel/fault.ts';
import { numberKeyOf, type SubmissionSource } from '../../models/licence/index.ts';
import { headingOf, toInput } from './judge-rows.ts';
import { pointerTo, readCells } from './read-sheet.ts';
import type { SheetLine } from './read-xlsx.ts';
import type { SheetColumn, SheetKind } from './sheet-kind.ts';

export interface ReadRow {
  readonly line: SheetLine;
  readonly body: Readonly<Record<string, unknown>>;
  /** What could not be read, by pointers into the body. */
  readonly unread: readonly PointedFault[];
  readonly from: SubmissionSource;
  readonly numberKey: string | undefined;
  /** Blind index over all that it says: the same row in another file is the same row. */
  readonly fingerprint: string;
}

export function readRow(
  house: Pick<House, 'cipher'>,
  work: Pick<ImportColumns, 'id' | 'catalogueCode' | 'stock' | 'declaration'>,
  entry: CatalogueColumns,
  columns: readonly SheetColumn[],
  line: SheetLine,
): ReadRow {
  const cellFaults: PointedFault[] = [];
  const values = readCells(line, columns, cellFaults);
  const { issuedOn, holders, ...rest } = toInput(values) as {
    readonly issuedOn?: string;
    readonly holders?: readonly Readonly<Record<string, string>>[];
  };
  const body = {
    ...{ catalogueCode: work.catalogueCode, fields: {}, ...rest },
    // A place between two holders that is left out is nobody.
    ...(holders ? { holders: holders.filter(Boolean).map((holder) => withType(entry, holder)) } : {}),
  };
  const unread = cellFaults.map((fault) => ({ ...fault, pointer: pointerOf(columns, line.row, fault.pointer) }));
  const misplaced: PointedFault[] =
    issuedOn !== undefined && !work.stock
      ? [{ pointer: '/issuedOn', code: 'FIELD_UNKNOWN', detail: '仅存量证照填写' }]
      : [];
  const number = body.fields[entry.definition.numberField as keyof typeof body.fields] as string | undefined;
  const said = canonicalJson({ body, issuedOn: issuedOn ?? null, stock: work.stock });
  return {
    ...{ line, body, unread: [...unread, ...misplaced, ...withoutCase(work, body)] },
    from: {
      source: 'sheet',
      sourceKey: `${work.id}/${line.row}`,
      ...(work.stock ? { stock: { issuedOn: issuedOn ?? '' } } : {}),
    },
    numberKey: number?.trim() ? numberKeyOf(entry.code, number.trim()) : undefined,
    fingerprint: house.cipher.blindIndex('import_rows.fingerprint', said),
  };
}

/** What was done offline has its working day from the closing of its case: a row that does not say it would have no clock. */
function withoutCase(
  { declaration }: Pick<ImportColumns, 'declaration'>,
  body: Readonly<Record<string, unknown>>,
): PointedFault[] {
  if (declaration?.way !== 'offline') return [];
  return (['caseNumber', 'closedAt'] as const).flatMap((key): PointedFault[] =>
    body[key] === undefined ? [{ pointer: `/${key}`, code: 'FIELD_REQUIRED' }] : [],
  );
}

function withType({ definition: { holderType } }: CatalogueColumns, holder: Readonly<Record<string, string>>) {
  return holderType === 'both' ? holder : { ...holder, type: holderType };
}

/** Where a cell's value would have gone. What belongs to no column lies nowhere in the body. */
export function pointerOf(columns: readonly SheetColumn[], row: number, pointer: string): string {
  return columns.find(({ heading }) => pointerTo(row, heading) === pointer)?.pointer ?? '/rows';
}

/** By row and heading, each place and code once. */
export function toSheetFaults(kind: SheetKind, row: number, fault: Fault): readonly PointedFault[] {
  const { code, detail } = fault;
  const whole: PointedFault = { pointer: '', code, ...(detail === undefined ? {} : { detail }) };
  const faults = (fault.errors.length > 0 ? fault.errors : [whole]).map((one) => ({
    ...one,
    pointer: pointerTo(row, headingOf(kind, one.pointer)),
  }));
  return [...new Map(faults.map((one) => [`${one.pointer} ${one.code}`, one])).values()];
}
