/** A change of a catalogue entry, in the words in which it is published. */
import type { PublishedChange } from '../publication/publish-changes.ts';
import type { CatalogueColumns } from './rows.ts';

export function entryChange(
  { code, version, issuingBody }: Pick<CatalogueColumns, 'code' | 'version' | 'issuingBody'>,
  act: string,
): PublishedChange {
  return {
    ...{ type: 'catalogue', id: code, identifier: code, sequence: version },
    ...{ issuingBody, act, status: null, catalogueCode: code },
  };
}
