/** Register or update bodies by sheet (C-3 way 2): all rows or none. The same sheet again changes nothing. */
import { requireRole } from '../../models/account/index.ts';
import type { Caller, House, Remember } from '../../models/house.ts';
import { checkOrganisation, organisationSchema, storeOrganisation } from '../../models/organisation/index.ts';
import { withTransaction } from '../../models/store/index.ts';
import { findRepeated, judgeRows, throwSheetFaults } from './judge-rows.ts';
import { organisationKind } from './organisation-kind.ts';
import { readSheet } from './read-sheet.ts';

export interface ImportedOrganisations {
  readonly added: number;
  readonly updated: number;
  readonly rows: readonly {
    readonly row: number;
    readonly code: string;
    readonly name: string;
    /** `registered`: not active yet, because nobody responsible is named (M-28). */
    readonly state: string;
    readonly outcome: 'added' | 'updated';
  }[];
}

/** Throws `REQUEST_INVALID` with all faults at `/rows/<row>/<heading>`, `REQUEST_TOO_LARGE`, `FILE_NOT_WHAT_IT_SAYS`. */
export async function importOrganisations(
  house: House,
  caller: Caller,
  bytes: Uint8Array,
  remember?: Remember<ImportedOrganisations>,
): Promise<ImportedOrganisations> {
  requireRole(caller, 'admin.system');
  const { rows, faults } = await readSheet(bytes, organisationKind);
  const { judged, faults: more } = judgeRows(organisationKind, rows, organisationSchema, checkOrganisation);
  const repeated = findRepeated(judged, ({ code }) => code, '统一社会信用代码');
  throwSheetFaults([...faults, ...more, ...repeated]);
  return withTransaction(house.db, async (tx) => {
    const known = await house.db.rows.organisations.findAll({ attributes: ['code'], transaction: tx });
    const codes = new Set(known.map((row) => row.code));
    const done: ImportedOrganisations['rows'][number][] = [];
    for (const { row, input } of judged) {
      const { code, name, state } = await storeOrganisation(house, tx, caller, input);
      done.push({ row, code, name, state, outcome: codes.has(code) ? 'updated' : 'added' });
    }
    const updated = done.filter(({ outcome }) => outcome === 'updated').length;
    const result: ImportedOrganisations = { added: done.length - updated, updated, rows: done };
    await remember?.(tx, result);
    return result;
  });
}
