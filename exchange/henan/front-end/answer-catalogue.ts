/** The province's code of an entry (目录代码), for the department in hn_catalog_release: what it laid down in hn_catalog_sync, with
 *  the code; an entry that came another way in is told in our words. */
import { findNewestEntry } from '../../../models/catalogue/index.ts';
import type { SqlStatement, SqlValue } from '../../front-end/connection.ts';
import type { CatalogueAnswer, MachinePass } from '../../front-end/profile.ts';
import { SYNC_STATES, toCatalogueState, toCategory, toLicenceType, toWhose } from '../code-lists.ts';
import { toBeijingText } from '../days.ts';

const SAME = [
  ...['catalog_no', 'license_name', 'license_type', 'licence_type_code', 'issue_unit', 'issue_unitname'],
  ...['whose', 'state', 'category', 'area_code', 'create_date'],
] as const;

export async function answerCatalogue(pass: MachinePass, answers: readonly CatalogueAnswer[]): Promise<void> {
  const statements: SqlStatement[] = [];
  for (const answer of answers) statements.push(...(await releaseStatements(pass, answer)));
  if (statements.length > 0) await pass.connection.transaction(statements);
}

/** A code that stands there already is not announced anew. */
async function releaseStatements(pass: MachinePass, answer: CatalogueAnswer): Promise<SqlStatement[]> {
  const { code, provincialCode, at } = answer;
  const columns = ['catalog_id', ...SAME, 'update_date', 'sync_state'].join(', ');
  const told = 'NOT EXISTS (SELECT 1 FROM hn_catalog_release WHERE catalog_id = ?)';
  const own = await ownColumns(pass, answer);
  const copy = `INSERT INTO hn_catalog_release (${columns}) SELECT ?, ${SAME.join(', ')}, ?, ${SYNC_STATES.waiting}
    FROM hn_catalog_sync WHERE licence_type_code = ? AND ${told} ORDER BY catalog_no LIMIT 1`;
  const tell = `INSERT INTO hn_catalog_release (${columns}) SELECT ?, ${SAME.map(() => '?').join(', ')}, ?, ${SYNC_STATES.waiting}
    FROM (SELECT 1 AS one) AS once WHERE ${told}`;
  const since = toBeijingText(at);
  return [
    [copy, [provincialCode, since, code, provincialCode]],
    [tell, [provincialCode, ...own, since, provincialCode]],
  ];
}

async function ownColumns({ house, machine }: MachinePass, { code, at }: CatalogueAnswer): Promise<SqlValue[]> {
  const entry = await findNewestEntry(house, code);
  const definition = entry?.definition;
  const facts = definition
    ? [toWhose(definition.holderType), toCatalogueState(entry.state), toCategory(definition.fileKind)]
    : [null, null, null];
  return [
    ...[code, entry?.name ?? null, definition ? toLicenceType(definition.category) : null, code],
    ...[machine.organisationCode, null, ...facts, machine.organisationCode.slice(2, 8), toBeijingText(at)],
  ];
}
