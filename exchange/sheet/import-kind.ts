/** Which sheet an import is made of, for the template that is handed out and for what comes back. */
import type { CatalogueColumns } from '../../models/catalogue/index.ts';
import type { ImportKind } from '../../models/import/index.ts';
import { caseKind } from './case-kind.ts';
import { licenceKind, withAnswers } from './licence-kind.ts';
import type { SheetKind } from './sheet-kind.ts';
import { dataKind, statusKind } from './status-kind.ts';

type Entry = Pick<CatalogueColumns, 'definition' | 'code' | 'version'>;

const KINDS: Readonly<Record<ImportKind, (entry: Entry) => SheetKind>> = {
  licence: licenceKind,
  status: statusKind,
  data: dataKind,
  case: caseKind,
};

/** Throws `IMPORT_NEEDS_PICTURES` for licences of an entry that asks for pictures. */
export const templateKind = (kind: ImportKind, entry: Entry): SheetKind => KINDS[kind](entry);

/** The same with the answers of a copy that was handed back. */
export const importKind = (kind: ImportKind, entry: Entry): SheetKind => withAnswers(templateKind(kind, entry));
