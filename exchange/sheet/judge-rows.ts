/** Turn the rows of a sheet into inputs of an act and judge each by the same rules as a single submission, every fault named
 *  by row and heading. */
import type { z } from 'zod';
import { Fault, type PointedFault } from '../../models/kernel/fault.ts';
import { toPointedFaults } from '../../models/kernel/zod-faults.ts';
import { pointerTo, type SheetRow } from './read-sheet.ts';
import type { SheetKind } from './sheet-kind.ts';

export interface JudgedRow<Input> {
  readonly row: number;
  readonly input: Input;
}

/** More are counted, not listed: nobody mends thousands by hand before trying again. */
const MOST_FAULTS = 2_000;

/** `check` says what the shape alone does not. Faults of a row that could not be read are known already. */
export function judgeRows<Input>(
  kind: SheetKind,
  rows: readonly SheetRow[],
  schema: z.ZodType<Input>,
  check: (input: Input) => readonly PointedFault[],
): { readonly judged: readonly JudgedRow<Input>[]; readonly faults: readonly PointedFault[] } {
  const faults: PointedFault[] = [];
  const judged: JudgedRow<Input>[] = [];
  for (const { row, values } of rows) {
    const result = schema.safeParse(toInput(values), { reportInput: true });
    const found = result.success ? check(result.data) : toPointedFaults(result.error.issues);
    faults.push(...found.map((fault) => ({ ...fault, pointer: pointerTo(row, headingOf(kind, fault.pointer)) })));
    if (result.success) judged.push({ row, input: result.data });
  }
  return { judged, faults };
}

/** The same key in two rows: the second and later ones are at fault. */
export function findRepeated<Input>(
  judged: readonly JudgedRow<Input>[],
  keyOf: (input: Input) => string,
  heading: string,
): PointedFault[] {
  const first = new Map<string, number>();
  return judged.flatMap(({ row, input }): PointedFault[] => {
    const known = first.get(keyOf(input));
    if (known !== undefined)
      return [{ pointer: pointerTo(row, heading), code: 'ALREADY_EXISTS', detail: `第${known}行` }];
    first.set(keyOf(input), row);
    return [];
  });
}

/** Throw all faults of a sheet at once, each place and code once, in the order of the rows. */
export function throwSheetFaults(faults: readonly PointedFault[]): void {
  // A cell that was refused is missing afterwards; that is not said again.
  const refused = new Set(faults.flatMap(({ pointer, code }) => (code === 'FIELD_REQUIRED' ? [] : [pointer])));
  const said = faults.filter(({ pointer, code }) => code !== 'FIELD_REQUIRED' || !refused.has(pointer));
  const once = [...new Map(said.map((fault) => [`${fault.pointer} ${fault.code}`, fault])).values()];
  if (once.length === 0) return;
  const rowOf = ({ pointer }: PointedFault) => Number(/^\/rows\/(\d+)/.exec(pointer)?.[1] ?? 0);
  once.sort((a, b) => rowOf(a) - rowOf(b));
  const detail = once.length > MOST_FAULTS ? `${MOST_FAULTS} / ${once.length}` : undefined;
  throw new Fault('REQUEST_INVALID', { errors: once.slice(0, MOST_FAULTS), ...(detail ? { detail } : {}) });
}

/** The heading of the column that a fault lies in; of the first column below it for a fault of a whole list; none for one of the whole
 *  row. */
export function headingOf(kind: SheetKind, pointer: string): string {
  if (pointer === '') return '';
  const column =
    kind.columns.find((one) => one.pointer === pointer) ??
    kind.columns.find((one) => one.pointer.startsWith(`${pointer}/`));
  return column?.heading ?? '';
}

/** Values by pointer as the structure they point into; numbers in pointers are places in lists. */
export function toInput(values: SheetRow['values']): unknown {
  const input: Record<string, unknown> = {};
  for (const [pointer, value] of values) setAt(input, pointer.slice(1).split('/'), value);
  return input;
}

function setAt(target: Record<string, unknown>, [key = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    target[key] = value;
    return;
  }
  const isList = /^\d+$/.test(rest[0] ?? '');
  target[key] ??= isList ? [] : {};
  setAt(target[key] as Record<string, unknown>, rest, value);
}
