/** What a sheet is made of: its columns as people read them, and where each value belongs. One place for the template that is
 *  handed out and for the sheet that comes back. */

export interface SheetColumn {
  /** Where the value goes: an RFC 6901 pointer into the input of one row. */
  readonly pointer: string;
  readonly heading: string;
  readonly required: boolean;
  /** What to write, as it stands under the heading. */
  readonly hint: string;
  /** The words that may be chosen, and what each stands for. */
  readonly codes?: Readonly<Record<string, string | boolean>>;
  /** The words that are offered, where not all of `codes` are. */
  readonly choices?: readonly string[];
  /** Line feeds and invisible characters are judged by the act itself. */
  readonly judgedLater?: boolean;
  /** Stands in the sheet and is not read. */
  readonly ignored?: boolean;
  /** Turns what people and spreadsheets write into what the act reads. */
  readonly normalise?: (text: string) => string;
  /** What stands in the row of the example. */
  readonly example?: string;
  /** In characters of the widest kind. */
  readonly width: number;
}

export interface SheetKind {
  /** Of the worksheet and of the file. */
  readonly name: string;
  readonly fileName: string;
  readonly columns: readonly SheetColumn[];
}

export function choicesOf({ codes, choices }: SheetColumn): readonly string[] {
  return choices ?? Object.keys(codes ?? {});
}

/** Most rows of a sheet, without headings. */
export const MOST_ROWS = 5_000;
export const MOST_BYTES = 5 * 1024 * 1024;
/** A row whose first cell begins so is an explanation and not read. */
export const HINT_MARK = '※';
export const REQUIRED_MARK = '*';
