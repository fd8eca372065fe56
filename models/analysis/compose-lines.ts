/** The lines of a delivery: the columns that were granted and no other, in their order, the mark last; holders as they may be shown. */
import { stringify } from 'csv-stringify/sync';
import type { FieldDefinition } from '../catalogue/definition.ts';
import { revealHolderNumber } from '../holder/find-or-add-holder.ts';
import type { House } from '../house.ts';
import { maskName, maskNumber } from '../kernel/sensitive.ts';
import type { LicenceHolder } from '../licence/find-holders.ts';
import { loadHolders } from '../licence/load-holders.ts';
import { LICENCE_STATUSES } from '../licence/states.ts';
import type { FoundLicence } from './find-within.ts';
import type { GrantMarks } from './marks.ts';
import { hideNumbers, showPersonal } from './personal-fields.ts';
import { type AnalysisType, COMMON_COLUMNS, type CommonColumn, PERSONAL_COLUMNS, type PersonalLevel } from './terms.ts';

export const MARK_HEADING = '水印';

/** Key and heading of each column but the mark's. A heading that would stand twice has its key beside it. */
export function columnsOf(type: AnalysisType, fields: readonly FieldDefinition[]): { key: string; heading: string }[] {
  const names = new Map(fields.map(({ key, name }) => [key, name]));
  const columns = [
    ...type.common.map((key) => ({ key, heading: COMMON_COLUMNS[key] as string })),
    ...type.fields.map((key) => ({ key, heading: names.get(key) ?? key })),
  ];
  const twice = (heading: string) => columns.filter((column) => column.heading === heading).length > 1;
  return columns.map(({ key, heading }) => ({ key, heading: twice(heading) ? `${heading}（${key}）` : heading }));
}

/** As spreadsheets of this house are written: UTF-8 with a mark at its beginning, CRLF. */
export function headingLine(headings: readonly string[]): string {
  return `\ufeff${toCsv([[...headings, MARK_HEADING]])}`;
}

export interface LineContext {
  readonly type: AnalysisType;
  readonly personal: PersonalLevel;
  readonly marks: GrantMarks;
  /** Keys of fields that the entry marks as personal. */
  readonly marked: ReadonlySet<string>;
}

/** One line a licence, in the order that this grant gives them. */
export async function composeLines(
  house: House,
  context: LineContext,
  licences: readonly FoundLicence[],
): Promise<string> {
  const { type, marks, marked } = context;
  const shown = type.common.some((column) => PERSONAL_COLUMNS.has(column));
  const ids = licences.map(({ id }) => id);
  const holders = shown ? await loadHolders(house, ids) : new Map<string, LicenceHolder[]>();
  const lines = licences
    .map((licence) => ({ licence, order: marks.orderOf(licence.id) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ licence }) => {
      const of = holders.get(licence.id) ?? [];
      const common = type.common.map((column) => commonCell(house, column, licence, of, context));
      const fields = type.fields.map((key) => {
        const show = marked.has(key) ? showPersonal : hideNumbers;
        return show(house, licence.fields[key] ?? '', context);
      });
      return [...common, ...fields, marks.markOf(licence.id)];
    });
  return toCsv(lines);
}

function commonCell(
  house: House,
  column: CommonColumn,
  licence: FoundLicence,
  holders: readonly LicenceHolder[],
  context: LineContext,
): string {
  if (column === 'status') return LICENCE_STATUSES[licence.statusThen].zh;
  // Some licences of persons are numbered by the person.
  if (column === 'licenceNumber') return hideNumbers(house, licence.licenceNumber ?? '', context);
  if (column !== 'holderName' && column !== 'holderNumber') return licence[column] ?? '';
  return holders.map((holder) => showHolder(house, column, holder, context)).join('、');
}

/** Names of bodies are public and stay when others are masked. */
function showHolder(
  house: House,
  column: 'holderName' | 'holderNumber',
  holder: LicenceHolder,
  { personal, marks }: LineContext,
): string {
  if (personal === 'none') return '';
  if (personal === 'pseudonym') return marks.pseudonymOf(`${holder.type}\0${holder.numberIndex}`);
  const plain = column === 'holderName' ? holder.nameOnFace : revealHolderNumber(house, holder);
  if (personal === 'plain') return plain;
  if (column === 'holderNumber') return maskNumber(plain);
  return holder.type === 'natural' ? maskName(plain) : plain;
}

function toCsv(lines: readonly (readonly string[])[]): string {
  const safe = lines.map((cells) => cells.map(withoutFormula));
  return stringify(safe, { record_delimiter: '\r\n' });
}

/** What a spreadsheet would take for a formula begins with an apostrophe. */
function withoutFormula(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}
