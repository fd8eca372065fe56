/** A change of an issued licence, in the words in which it is published. */
import type { PublishedChange } from '../publication/publish-changes.ts';
import type { Arrival } from './bulk-outcome.ts';
import type { LicenceColumns } from './rows.ts';

export function licenceChange(
  { id, identifier, sequence, issuingBody, status, catalogueCode, commitment, source }: LicenceColumns,
  act: string,
  arrival?: Arrival,
): PublishedChange {
  const common = { id, identifier: identifier ?? '', sequence, issuingBody, act, status, catalogueCode, commitment };
  const fromProvince = source === 'province';
  return { type: 'licence', ...common, ...(fromProvince ? { fromProvince } : {}), ...(arrival ? { arrival } : {}) };
}
