/** A change of an issued licence, in the words in which it is published. */
import type { PublishedChange } from '../publication/publish-changes.ts';
import type { LicenceColumns } from './rows.ts';

export function licenceChange(
  { id, identifier, sequence, issuingBody, status, catalogueCode }: LicenceColumns,
  act: string,
): PublishedChange {
  return { type: 'licence', id, identifier: identifier ?? '', sequence, issuingBody, act, status, catalogueCode };
}
