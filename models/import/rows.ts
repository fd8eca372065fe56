/** Rows of batch imports by sheet: files in encrypted parts, imports with their progress, what became of each row of
 *  the sheet, and scans of paper licences. */
import type { Sequelize } from 'sequelize';
import type { PointedFault } from '../kernel/fault.ts';
import { defineTable } from '../store/define-table.ts';

/** A file that was handed in, whole only in `received` and `kept`. */
export interface ImportFileColumns {
  id: string;
  /** `kept`: an import works with it. The others are swept away after a while. */
  state: 'receiving' | 'received' | 'kept';
  /** As its owner calls it. */
  name: string;
  /** SM3 of all bytes. */
  digest: string | null;
  sizeBytes: number;
  createdAt: Date;
}

/** A piece of a file, or some lines of a sheet that was read: encrypted, because sheets are full of persons. */
export interface ImportPartColumns {
  /** `<owner>:<place>` */
  id: string;
  /** A file, or an import for its lines. */
  ownerId: string;
  place: number;
  content: string;
}

/** reading → judging → advancing → done; `advancing` takes what the issuer's rule covers through review and seal. */
export const IMPORT_STATES = ['reading', 'judging', 'advancing', 'done', 'failed', 'cancelled'] as const;
export type ImportState = (typeof IMPORT_STATES)[number];

/** Why the rows come by sheet and not at closing. */
export interface ImportDeclaration {
  readonly way: 'offline' | 'batch';
  readonly reason: string;
  /** Of a batch: its own case number and closing. */
  readonly caseNumber?: string;
  readonly closedAt?: string;
}

/** New or stock licences; changes of status of licences that stand; data of theirs that no face shows; closing notices
 *  (R-32). */
export const IMPORT_KINDS = ['licence', 'status', 'data', 'case'] as const;
export type ImportKind = (typeof IMPORT_KINDS)[number];

export interface ImportColumns {
  id: string;
  /** The same bytes for the same purpose are the same import; null once it was cancelled, failed or is done over. */
  onceKey: string | null;
  kind: ImportKind;
  catalogueCode: string;
  issuingBody: string;
  mode: 'dry-run' | 'apply';
  stock: boolean;
  state: ImportState;
  fileId: string;
  fileName: string;
  digest: string;
  sizeBytes: number;
  format: 'xlsx' | 'csv' | null;
  /** The headings of the sheet as they stand, in their order, and the row they stand in. */
  headings: { readonly row: number; readonly cells: readonly string[] } | null;
  declaration: ImportDeclaration | null;
  /** The case of a declared batch. */
  caseId: string | null;
  /** Rows of the sheet, known when it has been read. */
  total: number;
  /** The part of the lines that is judged next. */
  nextPart: number;
  judged: number;
  accepted: number;
  alreadyThere: number;
  refused: number;
  /** The last row that was taken further. */
  advancedRow: number;
  /** Why the sheet as a whole could not be taken. */
  fault: { readonly code: string; readonly detail?: string; readonly errors: readonly PointedFault[] } | null;
  createdAt: Date;
  createdBy: string;
  /** In whose name its rows are submitted. */
  creator: { readonly type: 'person' | 'system'; readonly name: string };
  /** Not before. */
  runAt: Date;
  lockedUntil: Date | null;
  owner: string | null;
  endedAt: Date | null;
}

export interface ImportRowColumns {
  /** `<import>:<row>`: a row is answered once. */
  id: string;
  importId: string;
  /** As the spreadsheet numbers it. */
  sheetRow: number;
  outcome: 'accepted' | 'there' | 'refused';
  licenceId: string | null;
  /** Catalogue code and licence number. */
  numberKey: string | null;
  /** Blind index of all that the row says. */
  fingerprint: string;
  /** Pointers lead into the sheet: `/rows/<row>/<heading>`. */
  faults: readonly PointedFault[] | null;
}

/** A picture or file of the paper of a stock licence. */
export interface LicenceScanColumns {
  id: string;
  importId: string;
  /** What it came in, until it has been unpacked. */
  fileId: string | null;
  licenceId: string | null;
  /** `received`: still to be looked at. */
  state: 'received' | 'unpacked' | 'attached' | 'refused';
  name: string;
  numberKey: string | null;
  format: 'pdf' | 'jpg' | 'png' | 'ofd' | 'zip' | null;
  digest: string | null;
  sizeBytes: number;
  fault: PointedFault | null;
  createdAt: Date;
}

export function defineImportRows(sequelize: Sequelize) {
  return {
    importFiles: defineTable<ImportFileColumns>(sequelize, 'import_files', {
      id: 'key',
      state: 'text',
      name: 'longText',
      digest: 'text',
      sizeBytes: 'integer',
      createdAt: 'instant',
    }),
    importParts: defineTable<ImportPartColumns>(sequelize, 'import_parts', {
      id: 'key',
      ownerId: 'text',
      place: 'integer',
      content: 'longText',
    }),
    imports: defineTable<ImportColumns>(sequelize, 'imports', {
      id: 'key',
      onceKey: 'text',
      kind: 'text',
      catalogueCode: 'text',
      issuingBody: 'text',
      mode: 'text',
      stock: 'boolean',
      state: 'text',
      fileId: 'text',
      fileName: 'longText',
      digest: 'text',
      sizeBytes: 'integer',
      format: 'text',
      headings: 'json',
      declaration: 'json',
      caseId: 'text',
      total: 'integer',
      nextPart: 'integer',
      judged: 'integer',
      accepted: 'integer',
      alreadyThere: 'integer',
      refused: 'integer',
      advancedRow: 'integer',
      fault: 'json',
      createdAt: 'instant',
      createdBy: 'text',
      creator: 'json',
      runAt: 'instant',
      lockedUntil: 'instant',
      owner: 'text',
      endedAt: 'instant',
    }),
    importRows: defineTable<ImportRowColumns>(sequelize, 'import_rows', {
      id: 'key',
      importId: 'text',
      sheetRow: 'integer',
      outcome: 'text',
      licenceId: 'text',
      numberKey: 'text',
      fingerprint: 'text',
      faults: 'json',
    }),
    licenceScans: defineTable<LicenceScanColumns>(sequelize, 'licence_scans', {
      id: 'key',
      importId: 'text',
      fileId: 'text',
      licenceId: 'text',
      state: 'text',
      name: 'longText',
      numberKey: 'text',
      format: 'text',
      digest: 'text',
      sizeBytes: 'integer',
      fault: 'json',
      createdAt: 'instant',
    }),
  };
}
