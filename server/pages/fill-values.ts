/** What stands in a filled-in form, by the names of its inputs (`holders.0.name`, `fields.address`, `stock.issuedOn`), and the
 *  submission it means. An empty input is absent. */
import type { Unfinished } from '../../models/draft/index.ts';

export type Values = Readonly<Record<string, string>>;

export const MOST_HOLDERS = 50;
const HOLDER = /^holders\.(\d{1,2})\.(name|type|number|numberType)$/;
const HOLDER_KEYS = ['name', 'type', 'number', 'numberType'] as const;
const PLAIN_KEYS = ['validFrom', 'validTo', 'caseNumber', 'closedAt'] as const;
const SUCCESSION_KEYS = ['identifier', 'act', 'legalBasis', 'reason'] as const;

/** At least one, so that there is something to fill in. */
export function countHolders(values: Values): number {
  const places = Object.keys(values).flatMap((name) => Number(HOLDER.exec(name)?.[1] ?? '-1') + 1);
  return Math.min(MOST_HOLDERS, Math.max(1, ...places));
}

export function toSubmission(values: Values): Unfinished {
  const given = (name: string) => (values[name] ?? '').replaceAll('\r\n', '\n');
  const optional = (keys: readonly string[], place = '') =>
    Object.fromEntries(keys.map((key) => [key, given(place + key)] as const).filter(([, value]) => value !== ''));
  const fields = Object.keys(values).filter((name) => name.startsWith('fields.') && given(name) !== '');
  const holders = Array.from({ length: countHolders(values) }, (_, place) =>
    Object.fromEntries(
      HOLDER_KEYS.map((key) => [key, given(`holders.${place}.${key}`)] as const).filter(
        ([key, value]) => key !== 'numberType' || value !== '',
      ),
    ),
  );
  const [issuedOn, paperNumber] = [given('stock.issuedOn'), given('stock.paperNumber')];
  const stock = { ...(issuedOn || paperNumber ? { issuedOn } : {}), ...(paperNumber ? { paperNumber } : {}) };
  const succeeds = optional(SUCCESSION_KEYS, 'succeeds.');
  return {
    holders,
    fields: Object.fromEntries(fields.map((name) => [name.slice('fields.'.length), given(name)])),
    ...optional(PLAIN_KEYS),
    ...(values.commitment ? { commitment: true } : {}),
    ...(Object.keys(stock).length > 0 ? { stock } : {}),
    ...(Object.keys(succeeds).length > 0 ? { succeeds } : {}),
  };
}

export function toValues({ holders = [], fields = {}, stock = {}, succeeds = {}, ...rest }: Unfinished): Values {
  const values: Record<string, string> = {};
  for (const [place, holder] of holders.entries())
    for (const [key, value] of Object.entries(holder)) if (value) values[`holders.${place}.${key}`] = value;
  for (const [key, value] of Object.entries(fields)) values[`fields.${key}`] = value;
  for (const [key, value] of Object.entries(stock)) if (value) values[`stock.${key}`] = value;
  for (const [key, value] of Object.entries(succeeds)) if (value) values[`succeeds.${key}`] = value;
  for (const key of PLAIN_KEYS) if (rest[key]) values[key] = rest[key];
  if (rest.commitment) values.commitment = '1';
  return values;
}

export function addHolder(values: Values): Values {
  const place = countHolders(values);
  return place < MOST_HOLDERS ? { ...values, [`holders.${place}.name`]: '' } : values;
}

/** Those behind it move up. */
export function removeHolder(values: Values, gone: number): Values {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const [, place, key] = HOLDER.exec(name) ?? [];
    if (place === undefined) kept[name] = value;
    else if (Number(place) !== gone) kept[`holders.${Number(place) - (Number(place) > gone ? 1 : 0)}.${key}`] = value;
  }
  return kept;
}
