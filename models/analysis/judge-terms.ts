/** Whether terms hold together: types that exist, fields that they have, codes that stand in their lists, a period that can be kept,
 *  and holders only where somebody says how and why. */
import { findNewestEntries } from '../catalogue/find-entry.ts';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import type { House } from '../house.ts';
import { addDays, toShanghaiDate } from '../kernel/clock.ts';
import type { PointedFault } from '../kernel/fault.ts';
import { asksForPersons, type PersonalFields, personalFieldsOf } from './personal-fields.ts';
import { type AnalysisTerms, type AnalysisType, PERSONAL_COLUMNS } from './terms.ts';

const MOST_DAYS = 180;

/** All faults at once; pointers lead into the application. */
export async function judgeTerms(
  house: House,
  terms: AnalysisTerms,
  personalReason: string | null,
): Promise<PointedFault[]> {
  const codes = terms.types.map(({ catalogueCode }) => catalogueCode);
  const entries = new Map((await findNewestEntries(house, codes)).map((entry) => [entry.code, entry]));
  const marked = new Map([...entries].map(([code, { definition }]) => [code, personalFieldsOf(definition)]));
  return [
    ...terms.types.flatMap((type, index) => judgeType(type, entries.get(type.catalogueCode), `/types/${index}`)),
    ...judgeMarked(terms, marked),
    ...judgeFilter(terms),
    ...judgePeriod(terms, toShanghaiDate(house.clock())),
    ...judgePersonal(terms, personalReason, asksForPersons(terms, marked)),
  ];
}

function judgeType(type: AnalysisType, entry: CatalogueColumns | undefined, at: string): PointedFault[] {
  if (!entry) return [{ pointer: `${at}/catalogueCode`, code: 'CATALOGUE_UNKNOWN' }];
  const known = new Map(entry.definition.fields.map((field) => [field.key, field]));
  const fields = type.fields.flatMap((key, index): PointedFault[] => {
    const pointer = `${at}/fields/${index}`;
    const field = known.get(key);
    // The number stands among the common columns.
    if (!field || key === entry.definition.numberField) return [{ pointer, code: 'FIELD_UNKNOWN' }];
    return field.type === 'image' ? [{ pointer, code: 'FIELD_TYPE', detail: '图片' }] : [];
  });
  const conditions = Object.entries(type.where).flatMap(([key, code]): PointedFault[] => {
    const pointer = `${at}/where/${key}`;
    const field = known.get(key);
    if (!field) return [{ pointer, code: 'FIELD_UNKNOWN' }];
    if (field.type !== 'code') return [{ pointer, code: 'FIELD_TYPE', detail: field.type }];
    const listed = field.codes?.some((one) => one.code === code) ?? true;
    return listed ? [] : [{ pointer, code: 'FIELD_NOT_IN_CODE_LIST' }];
  });
  return [...fields, ...conditions];
}

function judgeFilter({ filter }: AnalysisTerms): PointedFault[] {
  const { issuedFrom, issuedTo } = filter;
  if (!issuedFrom || !issuedTo || issuedFrom <= issuedTo) return [];
  return [{ pointer: '/filter/issuedTo', code: 'ANALYSIS_PERIOD' }];
}

function judgePeriod({ period }: AnalysisTerms, today: string): PointedFault[] {
  const holds = period.from <= period.to && period.to >= today && period.to <= addDays(period.from, MOST_DAYS);
  return holds ? [] : [{ pointer: '/period', code: 'ANALYSIS_PERIOD' }];
}

/** Where no persons are shown, their fields are not delivered; and a condition would tell of every row what stands in the field. */
function judgeMarked({ types, personal }: AnalysisTerms, marked: PersonalFields): PointedFault[] {
  if (personal === 'plain') return [];
  const places = types.flatMap(({ catalogueCode, fields, where }, index) => {
    const isMarked = (key: string) => marked.get(catalogueCode)?.has(key) ?? false;
    const columns = fields.flatMap((key, at) => (personal === 'none' && isMarked(key) ? [`fields/${at}`] : []));
    const conditions = Object.keys(where).flatMap((key) => (isMarked(key) ? [`where/${key}`] : []));
    return [...columns, ...conditions].map((place) => `/types/${index}/${place}`);
  });
  return places.map((pointer) => ({ pointer, code: 'ANALYSIS_PERSONAL' }));
}

/** A level without anything personal asks for nothing, and is not what was meant. */
function judgePersonal({ types, personal }: AnalysisTerms, reason: string | null, asked: boolean): PointedFault[] {
  const columns = types.some(({ common }) => common.some((column) => PERSONAL_COLUMNS.has(column)));
  if (personal === 'none') return columns ? [{ pointer: '/personal', code: 'ANALYSIS_PERSONAL' }] : [];
  if (!asked) return [{ pointer: '/personal', code: 'ANALYSIS_PERSONAL' }];
  return reason === null ? [{ pointer: '/personalReason', code: 'ANALYSIS_PERSONAL' }] : [];
}
