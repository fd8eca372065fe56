export { attachScan } from './attach-scan.ts';
export { cancelImport } from './cancel-import.ts';
export { findOpenRows } from './find-open-rows.ts';
export { forgetImports } from './forget-imports.ts';
export { importOrderSchema, openImport, requireImporter } from './open-import.ts';
export {
  IMPORT_KINDS,
  IMPORT_STATES,
  type ImportColumns,
  type ImportKind,
  type ImportRowColumns,
  type LicenceScanColumns,
} from './rows.ts';
export { scanFormatOf } from './scan-format.ts';
export { addScan, getScan, listScans } from './scans.ts';
export {
  bytesToRead,
  discardFile,
  type FileToRead,
  getPart,
  openStoredFile,
  putPart,
  type ReceivedFile,
  receiveFile,
} from './stored-file.ts';
export { getImport, type ImportView, listImportRows, listImports, readImport } from './view-import.ts';
export { claimImport, endOf, failImport, handBack, ImportLost, keepStep } from './work-on-import.ts';
