/** Licences issued on paper before and still valid (存量证照, R-34, M-13): what more is asked of them when they are digitised. */
import type { CatalogueColumns } from '../catalogue/rows.ts';
import type { House } from '../house.ts';
import { isRealDate, toShanghaiDate } from '../kernel/clock.ts';
import type { PointedFault } from '../kernel/fault.ts';
import { composeValidity } from './face-values.ts';
import type { LicenceColumns } from './rows.ts';
import type { Submission } from './submission.ts';

/** The mark of origin, as whoever may see the licence sees it. */
export function viewStock({ stock }: Pick<LicenceColumns, 'stock'>) {
  return { origin: stock ? 'stock' : 'new', paperNumber: stock?.paperNumber ?? null } as const;
}

/** They keep the number and the day of the paper, and only what still holds is digitised. */
export function checkStock(
  house: Pick<House, 'clock'>,
  submission: Partial<Submission>,
  from: { readonly stock?: { readonly issuedOn: string } },
  entry: CatalogueColumns,
): PointedFault[] {
  const stock = from.stock ?? submission.stock;
  if (!stock) return [];
  const faults: PointedFault[] = [];
  const { numberField } = entry.definition;
  const today = toShanghaiDate(house.clock());
  const named = entry.definition.fields.find(({ key }) => key === numberField);
  // The entry's own rule asks for a number only where no template makes one.
  if (!submission.fields?.[numberField]?.trim() && entry.definition.numberFormat.template)
    faults.push({ pointer: `/fields/${numberField}`, code: 'FIELD_REQUIRED', detail: named?.name ?? '' });
  const day = checkIssuedOn(stock.issuedOn, today, from.stock ? '/issuedOn' : '/stock/issuedOn');
  if (day.length > 0) return [...faults, ...day];
  const { validTo } = composeValidity(entry, submission, stock.issuedOn);
  if (validTo && isRealDate(validTo) && validTo < today)
    faults.push({ pointer: '/validTo', code: 'STOCK_NOT_VALID', detail: validTo });
  return faults;
}

/** The day of issue that somebody else states: it is there, is a date, and is not to come. */
export function checkIssuedOn(issuedOn: string, today: string, pointer = '/issuedOn'): PointedFault[] {
  if (!issuedOn) return [{ pointer, code: 'FIELD_REQUIRED' }];
  if (!isRealDate(issuedOn)) return [{ pointer, code: 'DATE_IMPOSSIBLE', detail: issuedOn.slice(0, 20) }];
  return issuedOn > today ? [{ pointer, code: 'VALIDITY_NOT_ALLOWED', detail: issuedOn }] : [];
}
