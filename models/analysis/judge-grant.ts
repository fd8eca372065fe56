/** A grant is never wider than the application: each place where it would be is named. Left out, a term stays as asked. */
import { z } from 'zod';
import type { PointedFault } from '../kernel/fault.ts';
import { asksForPersons, type PersonalFields } from './personal-fields.ts';
import {
  type AnalysisFilter,
  type AnalysisTerms,
  type AnalysisType,
  PERSONAL_COLUMNS,
  PERSONAL_LEVELS,
  termsShape,
} from './terms.ts';

export const narrowingSchema = z.strictObject(termsShape).partial();
export type Narrowing = z.infer<typeof narrowingSchema>;

/** What would be granted. Where persons are no longer shown, their columns and marked fields go; where none is left, none are shown. */
export function narrow(asked: AnalysisTerms, narrowing: Narrowing, marked: PersonalFields): AnalysisTerms {
  const given = Object.fromEntries(Object.entries(narrowing).filter(([, value]) => value !== undefined));
  const terms: AnalysisTerms = { ...asked, ...given };
  if (terms.personal !== 'none') return asksForPersons(terms, marked) ? terms : { ...terms, personal: 'none' };
  const types = terms.types.map((type) => ({
    ...type,
    common: type.common.filter((column) => !PERSONAL_COLUMNS.has(column)),
    fields: type.fields.filter((key) => !marked.get(type.catalogueCode)?.has(key)),
  }));
  return { ...terms, types };
}

/** All places at which `granted` goes beyond `asked`, as pointers into the terms. */
export function findWider(asked: AnalysisTerms, granted: AnalysisTerms): PointedFault[] {
  const places = [
    ...granted.types.flatMap((type, index) => widerType(asked.types, type, `/types/${index}`)),
    ...widerFilter(asked.filter, granted.filter),
    ...(PERSONAL_LEVELS.indexOf(granted.personal) > PERSONAL_LEVELS.indexOf(asked.personal) ? ['/personal'] : []),
    ...(granted.mostRows > asked.mostRows ? ['/mostRows'] : []),
    ...(granted.period.from < asked.period.from ? ['/period/from'] : []),
    ...(granted.period.to > asked.period.to ? ['/period/to'] : []),
    ...(granted.mostDownloads > asked.mostDownloads ? ['/mostDownloads'] : []),
  ];
  return places.map((pointer) => ({ pointer, code: 'GRANT_WIDER' }));
}

function widerType(asked: readonly AnalysisType[], type: AnalysisType, at: string): string[] {
  const own = asked.find(({ catalogueCode }) => catalogueCode === type.catalogueCode);
  if (!own) return [`${at}/catalogueCode`];
  return [
    ...beyond(own.common, type.common, `${at}/common`),
    ...beyond(own.fields, type.fields, `${at}/fields`),
    ...Object.entries(own.where).flatMap(([key, code]) => (type.where[key] === code ? [] : [`${at}/where/${key}`])),
  ];
}

function beyond(asked: readonly string[], granted: readonly string[], at: string): string[] {
  return granted.flatMap((one, index) => (asked.includes(one) ? [] : [`${at}/${index}`]));
}

/** A condition that was asked for must stand; one that was not may be added. */
function widerFilter(asked: AnalysisFilter, granted: AnalysisFilter): string[] {
  const wider: string[] = [];
  if (asked.issuedFrom && (granted.issuedFrom ?? '') < asked.issuedFrom) wider.push('/filter/issuedFrom');
  if (asked.issuedTo && (granted.issuedTo ?? '9999') > asked.issuedTo) wider.push('/filter/issuedTo');
  for (const list of ['statuses', 'issuingBodies'] as const) {
    const allowed: readonly string[] | undefined = asked[list];
    if (!allowed) continue;
    if (!granted[list]) wider.push(`/filter/${list}`);
    else wider.push(...beyond(allowed, granted[list], `/filter/${list}`));
  }
  return wider;
}
