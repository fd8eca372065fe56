/** What a form's own fields say of persons, in a delivery: fields that the entry marks are shown as holders are, and a resident
 *  number (GB 11643) is found by its look wherever it stands, also inside other words. */

import type { CatalogueDefinition } from '../catalogue/definition.ts';
import { findNewestEntries } from '../catalogue/find-entry.ts';
import { indexHolderNumber } from '../holder/index-number.ts';
import type { House } from '../house.ts';
import { isResidentNumber, normaliseResidentNumber } from '../identifier/resident-number.ts';
import { maskName, maskNumber } from '../kernel/sensitive.ts';
import type { GrantMarks } from './marks.ts';
import { type AnalysisTerms, type AnalysisType, PERSONAL_COLUMNS, type PersonalLevel } from './terms.ts';

/** By catalogue code: the keys of its marked fields. */
export type PersonalFields = ReadonlyMap<string, ReadonlySet<string>>;

/** As the newest version of each entry marks them. */
export async function findPersonalFields(house: House, types: readonly AnalysisType[]): Promise<PersonalFields> {
  const codes = types.map(({ catalogueCode }) => catalogueCode);
  const entries = await findNewestEntries(house, codes);
  return new Map(entries.map(({ code, definition }) => [code, personalFieldsOf(definition)]));
}

export function personalFieldsOf({ fields }: Pick<CatalogueDefinition, 'fields'>): ReadonlySet<string> {
  return new Set(fields.flatMap(({ key, personal }) => (personal ? [key] : [])));
}

/** Whether anything is asked for that says who somebody is. */
export function asksForPersons({ types }: Pick<AnalysisTerms, 'types'>, marked: PersonalFields): boolean {
  return types.some(
    ({ catalogueCode, common, fields }) =>
      common.some((column) => PERSONAL_COLUMNS.has(column)) ||
      fields.some((key) => marked.get(catalogueCode)?.has(key)),
  );
}

interface Showing {
  readonly personal: PersonalLevel;
  readonly marks: GrantMarks;
}

/** A value of a marked field. The same value has the same pseudonym within a grant; a resident number that of its holder. */
export function showPersonal(house: House, value: string, { personal, marks }: Showing): string {
  if (personal === 'plain' || value === '') return value;
  if (personal === 'none') return '';
  const number = normaliseResidentNumber(value);
  if (personal === 'pseudonym')
    return marks.pseudonymOf(isResidentNumber(number) ? holderIndex(house, number) : `field\0${value.trim()}`);
  return /^[\d\s-]+[xX]?$/.test(value) ? maskNumber(value) : maskName(value);
}

const NUMBERS = /(?<!\d)[1-9]\d{16}[\dXx](?!\d)/g;

/** Any other value: what looks like a resident number in it is shown as holders are, the rest as it is. */
export function hideNumbers(house: House, value: string, { personal, marks }: Showing): string {
  if (personal === 'plain') return value;
  return value.replaceAll(NUMBERS, (found) => {
    const number = normaliseResidentNumber(found);
    if (!isResidentNumber(number)) return found;
    if (personal === 'none') return '';
    return personal === 'pseudonym' ? marks.pseudonymOf(holderIndex(house, number)) : maskNumber(found);
  });
}

const holderIndex = (house: House, number: string) => `natural\0${indexHolderNumber(house, number)}`;
