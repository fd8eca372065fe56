/** The words on a face: the entry's fields as they are read, and the values every face shares. */
import type { CatalogueColumns } from '../catalogue/rows.ts';
import { addDays, isRealDate, toChineseDate } from '../kernel/clock.ts';

export interface FaceFacts {
  readonly entry: CatalogueColumns;
  readonly fields: Readonly<Record<string, string>>;
  readonly holders: readonly { readonly name: string; readonly number: string }[];
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly issuedOn: string;
  readonly commitment: boolean;
  readonly identifier: string;
  readonly sampleMark: boolean;
  readonly issuerName: string;
}

export function composeFaceValues(facts: FaceFacts): Record<string, string> {
  const values: Record<string, string> = {};
  for (const field of facts.entry.definition.fields) {
    const value = facts.fields[field.key] ?? '';
    if (field.type === 'image') continue;
    if (field.type === 'date' && isRealDate(value)) values[field.key] = toChineseDate(value);
    else if (field.type === 'code') values[field.key] = field.codes?.find(({ code }) => code === value)?.name ?? value;
    else values[field.key] = value;
  }
  return {
    ...values,
    holderName: facts.holders.map(({ name }) => name).join('、'),
    holderNumber: facts.holders.map(({ number }) => number).join('、'),
    identifier: facts.identifier,
    issuerName: facts.issuerName,
    issuedOn: toChineseDate(facts.issuedOn),
    validFrom: facts.validFrom ? toChineseDate(facts.validFrom) : '',
    validTo: facts.validTo ? toChineseDate(facts.validTo) : '',
    validity: describeValidity(facts),
    catalogueName: facts.entry.name,
    commitmentMark: facts.commitment ? '承诺审批' : '',
    sampleMark: facts.sampleMark ? '样例' : '',
  };
}

function describeValidity({ validFrom, validTo, issuedOn }: FaceFacts): string {
  if (!validTo) return '长期';
  return `${toChineseDate(validFrom ?? issuedOn)}至${toChineseDate(validTo)}`;
}

/** The validity a licence has once it is issued on a day: what was stated, and where nothing was, what the entry's rule gives. */
export function composeValidity(
  entry: CatalogueColumns,
  stated: { readonly validFrom?: string | null | undefined; readonly validTo?: string | null | undefined },
  issuedOn: string,
): { readonly validFrom: string | null; readonly validTo: string | null } {
  const rule = entry.definition.validity;
  const from = stated.validFrom ?? issuedOn;
  const validTo = stated.validTo ?? (rule.kind === 'fixed' ? fixedValidTo(from, rule.years) : null);
  return { validFrom: validTo ? from : (stated.validFrom ?? null), validTo };
}

/** The end that an entry with a fixed validity gives: the day before the same date, so many years on. */
export function fixedValidTo(from: string, years: number): string {
  const [year = '', month = '', day = ''] = from.split('-');
  const same = `${Number(year) + years}-${month}-${day}`;
  // 29 February has no counterpart in most years: the term ends with February.
  return isRealDate(same) ? addDays(same, -1) : `${Number(year) + years}-02-28`;
}
