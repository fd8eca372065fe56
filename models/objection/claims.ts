/** The fields objected to, with the values that the objector holds right: encrypted at rest, for they are a person's data. */
import { z } from 'zod';
import { getEntryVersion } from '../catalogue/find-entry.ts';
import type { House } from '../house.ts';
import { type PointedFault, throwFaults } from '../kernel/fault.ts';
import { maskNumber } from '../kernel/sensitive.ts';
import { writtenText } from '../kernel/written-text.ts';
import type { LicenceColumns } from '../licence/rows.ts';

const CONTEXT = 'objections.claims';
const MOST_CLAIMS = 20;

export const claimsSchema = z
  .array(z.strictObject({ field: z.string().min(1).max(60), right: writtenText(2000) }))
  .max(MOST_CLAIMS)
  .default([]);
export type Claims = z.infer<typeof claimsSchema>;

/** Of every licence, beside the fields of its entry. */
const COMMON_FIELDS = ['holderName', 'holderNumber', 'validFrom', 'validTo'];
const NUMBER_FIELD = 'holderNumber';

/** Throws `FIELD_UNKNOWN` for what the licence does not say, `ALREADY_EXISTS` for a field named twice. */
export async function requireClaimable(house: House, licence: LicenceColumns, claims: Claims): Promise<void> {
  if (claims.length === 0) return;
  const entry = await getEntryVersion(house, licence.catalogueCode, licence.catalogueVersion);
  const known = new Set([...COMMON_FIELDS, ...entry.definition.fields.map(({ key }) => key)]);
  const named = claims.map(({ field }) => field);
  throwFaults(
    named.flatMap((field, index): PointedFault[] => {
      const pointer = `/claims/${index}/field`;
      if (!known.has(field)) return [{ pointer, code: 'FIELD_UNKNOWN' }];
      return named.indexOf(field) < index ? [{ pointer, code: 'ALREADY_EXISTS' }] : [];
    }),
  );
}

export function hideClaims({ cipher }: House, claims: Claims): string | null {
  return claims.length === 0 ? null : cipher.encrypt(CONTEXT, JSON.stringify(claims));
}

/** As they are shown: numbers masked. */
export function showClaims({ cipher }: House, hidden: string | null): Claims {
  if (hidden === null) return [];
  const claims = JSON.parse(cipher.decrypt(CONTEXT, hidden)) as Claims;
  return claims.map(({ field, right }) => ({ field, right: field === NUMBER_FIELD ? maskNumber(right) : right }));
}
