/** A catalogue entry as a row of hn_catalog_sync: what the table has a column for. */
import type { CatalogueMessage } from '../../province/connector.ts';
import { toCatalogueState, toCategory, toLicenceType, toWhose } from '../code-lists.ts';
import { areaOf, type Columns } from './compose-licence-row.ts';

export function composeCatalogueRow({ record }: CatalogueMessage, issuerName: string): Columns {
  const { code, definition, state } = record;
  return {
    catalog_no: code,
    license_name: definition.name,
    license_type: toLicenceType(definition.category),
    licence_type_code: code,
    issue_unit: definition.issuingBody,
    issue_unitname: issuerName,
    whose: toWhose(definition.holderType),
    state: toCatalogueState(state as 'in-force' | 'superseded' | 'retired'),
    category: toCategory(definition.fileKind),
    area_code: areaOf(definition.issuingBody),
  };
}

/** The table has one picture: the base image of the first page that has one, else the first by name. */
export function baseImageOf({ record, files }: CatalogueMessage): CatalogueMessage['files'][number] | undefined {
  const names = record.definition.face.pages.map(({ baseImage }) => baseImage);
  return files.find(({ name }) => names.includes(name)) ?? files[0];
}
