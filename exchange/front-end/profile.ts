/** What the exchange asks of a kind of front-end tables (R-07, R-30(3), R-33): which tables there are, how rows are claimed with a
 *  lease, read into the words of the API, and answered many at once. The exchange judges and applies; a profile reads and writes.
 *
 *  Promises of a profile, on which “nothing lost, nothing doubled” rests:
 *  1. Rows are found by their state, never by “number greater than last”.
 *  2. `claim` gives the rows of one key in their order, and none of a key of which another owner holds a row. Where rows of
 *     several keys may be about one thing, all rows of a table have one order, and a claim takes the first that are left of it.
 *  3. Owner and instant are written beside every claim, and a row is answered only while its claim is still this pass's.
 *  4. A row is answered only by `answer`; until then it comes again, and its revision and digest are the same each time.
 *  5. Nothing is held in memory beyond the rows of one claim; contents of files only while they are asked for. */
import type { FrontEndMachine, Receipt, RowMark } from '../../models/exchange-state/index.ts';
import type { Caller, House } from '../../models/house.ts';
import type { PointedFault } from '../../models/kernel/fault.ts';
import type { FrontEndConnection } from './connection.ts';

/** What a table is about. Kinds are worked through in the order of the profile's tables. */
export type RowKind = 'catalogue' | 'case' | 'licence' | 'query';

/** One act that a row asks for, its content in the words of the API. A profile whose physical row asks for two acts (new, and
 *  suspended at once) gives two rows of the same `rowId` with rising revisions. */
export interface FrontEndRow extends RowMark {
  readonly kind: RowKind;
  /** Anything else is refused as `ROW_OPERATION_UNKNOWN`. */
  readonly operation: string;
  /** When the department wrote it; null when the table does not say. Later than now counts as now. */
  readonly pushedAt: Date | null;
  /** catalogue: the entry as for `POST /catalogue`, or `{code}` to retire it · case: the closing notice · licence, `upsert`: the
   *  submission as for `POST /licences` · licence, `status`: `{act, legalBasis, reason}`. */
  readonly body: Readonly<Record<string, unknown>>;
  /** What could not be read, with pointers in the words of the API; the rest is judged all the same. */
  readonly faults: readonly PointedFault[];
  /** Licences that the department has sealed itself; undefined when the repository seals. */
  readonly sealed?: SealedFacts;
  /** `status` of a licence that came another way in: its GB/T 36904 identifier. */
  readonly identifier?: string;
}

export interface SealedFacts {
  readonly identifier: string;
  /** YYYY-MM-DD. */
  readonly issuedOn: string;
  /** How many files the row promises, 1 or 2; anything else is refused. */
  readonly expected: number;
}

/** A file of a sealed licence as it lies in the department's database, without its bytes. */
export interface FileRef {
  readonly format: string;
  /** Bytes of the file itself, at most; 0 when there is none. Known before anything is allocated. */
  readonly sizeBytes: number;
  /** SM3 as the department states it; null when it states none. */
  readonly sm3: string | null;
  /** The profile's own name for it. */
  readonly at: string | number;
}

/** One pass over one machine. */
export interface MachinePass {
  readonly house: House;
  readonly machine: FrontEndMachine;
  readonly connection: FrontEndConnection;
  /** The repository, acting for the machine's body. */
  readonly caller: Caller;
  /** Host, process and pass, as it is written beside claims. */
  readonly owner: string;
  /** Told when rows of a portion are recorded: there may be something to send on. */
  readonly onPortion?: () => void;
}

export interface RowAnswer {
  readonly row: FrontEndRow;
  readonly receipt: Receipt;
  /** What becomes of the files of a sealed licence: `used` have its fate and what they replaced is told so; `all` that lie there
   *  have it (the row was applied before); `none`: they wait for a correction. */
  readonly files: 'none' | 'all' | { readonly used: readonly FileRef[] };
}

/** A receipt that changes after the row was answered: reviewed, sealed, returned. */
export interface FollowUp {
  readonly table: string;
  readonly businessKey: string;
  readonly revision: number;
  readonly receipt: Receipt;
}

/** The code the province has given to a catalogue entry (目录代码). */
export interface CatalogueAnswer {
  readonly code: string;
  readonly provincialCode: string;
  readonly at: Date;
}

/** Accounts of a MySQL server, as it writes them: `'name'@'host'`. */
export interface GrantAccounts {
  readonly repository: string;
  readonly department: string;
}

export interface MachineDepth {
  /** Rows not answered yet. */
  readonly depth: number;
  /** When the oldest of them was pushed. */
  readonly oldest: Date | null;
  /** Rows refused and not corrected by a higher revision since. */
  readonly refused: number;
}

/** Is a claim over? Owner and instant as they were written beside it; empty when there is none. */
export type IsOver = (owner: string, since: string) => boolean;

/** What a row waits for, in the words of a receipt. */
export interface Hint {
  readonly code: string;
  readonly text: string;
}

export interface FrontEndProfile {
  readonly name: string;
  /** Every table it reads or writes. */
  readonly tableNames: readonly string[];
  /** In the order of work: entries before what is issued under them, closing notices before the licences that meet them. */
  readonly tables: readonly { readonly name: string; readonly kind: RowKind }[];
  /** Its tables have a column for the rule that a change of status rests on. Then acts that take something from the holder are
   *  refused without one; otherwise the record says that none was stated. */
  readonly statesBasis: boolean;

  /** Make what is missing; what is there already stays as it is. */
  init(connection: FrontEndConnection): Promise<void>;
  /** Least privilege, MySQL: statements that give both accounts exactly what they need. Throws `RangeError` for what is no account. */
  grants(database: string, accounts: GrantAccounts): string[];
  /** Throws what the database says when a table or a column that the profile reads is missing. */
  check(connection: FrontEndConnection, table: string): Promise<void>;

  /** Claim and read up to about `most` rows that this pass has not looked at yet: the first in the order of the table. */
  claim(pass: MachinePass, table: string, most: number): Promise<readonly FrontEndRow[]>;
  /** The rows are at work still: the lease of the pass's claims begins anew. */
  renew(pass: MachinePass, table: string): Promise<void>;
  /** Back to new; this pass does not take them a second time. A hint tells the department what is still missing. */
  giveBack(pass: MachinePass, rows: readonly { readonly row: FrontEndRow; readonly hint?: Hint }[]): Promise<void>;
  /** Claims that `isOver` names become new rows again: those of the dead, and those whose lease is over. How many. */
  release(pass: MachinePass, table: string, isOver: IsOver): Promise<number>;

  /** Does a row of the table lie there without an answer: anybody's, or one that another owner has claimed? */
  hasOpen(pass: MachinePass, table: string, of: 'anybody' | 'others'): Promise<boolean>;

  /** Write the receipts of many rows, and of what belongs to them (files, replaced revisions): all of them or none. */
  answer(pass: MachinePass, answers: readonly RowAnswer[]): Promise<void>;
  /** Change receipts of accepted rows. */
  followUp(pass: MachinePass, receipts: readonly FollowUp[]): Promise<void>;
  /** Where a fault lies, in the words of the table: `/closedAt` is the column `closed_at`. `''` is the whole row. */
  nameColumn(kind: RowKind, pointer: string): string;

  /** Unanswered files of sealed licences, at most one of each format, by business key. No bytes. */
  listFiles(pass: MachinePass, rows: readonly FrontEndRow[]): Promise<ReadonlyMap<string, readonly FileRef[]>>;
  /** Bytes of several small files in one go, in the order asked. */
  readFiles(pass: MachinePass, files: readonly FileRef[]): Promise<readonly Uint8Array[]>;
  /** Bytes of one large file in pieces of at most 4 MB. */
  streamFile(pass: MachinePass, file: FileRef): AsyncIterable<Uint8Array>;

  /** The province's codes for entries of this machine's body, as the department is to find them. Writing them again is harmless. */
  answerCatalogue(pass: MachinePass, answers: readonly CatalogueAnswer[]): Promise<void>;
  /** Refuse what no row will ever take (files without a licence). How many. */
  tidy(pass: MachinePass): Promise<number>;
  measure(connection: FrontEndConnection): Promise<MachineDepth>;
}
