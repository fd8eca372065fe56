/** hn_license_sync in the words of the API. The columns have one holder and no identifier: what they lack comes from
 *  new_add_metadata, and what stands in neither is a named fault. */
import type { CatalogueDefinition } from '../../../models/catalogue/index.ts';
import { canonicalJson } from '../../../models/kernel/canonical-json.ts';
import { sm3Hex } from '../../../models/kernel/digest.ts';
import type { PointedFault } from '../../../models/kernel/fault.ts';
import { findUnstorable } from '../../front-end/find-unstorable.ts';
import type { SealedFacts } from '../../front-end/profile.ts';
import { type HenanLicenceState, readCategory, readFileType, readLicenceState } from '../code-lists.ts';
import { readDay, readLastDay } from '../days.ts';
import { findReserved, isNothing, type MetadataItem, RESERVED, readMetadata } from '../metadata.ts';
import type { PhysicalRow } from './henan-row.ts';
import { readFields } from './read-fields.ts';
import { readHolders } from './read-holders.ts';

export interface ReadLicence {
  readonly body: Readonly<Record<string, unknown>>;
  readonly faults: readonly PointedFault[];
  readonly sealed: SealedFacts | undefined;
  readonly identifier: string | undefined;
  /** SM3 over the contents, without state, reason and the marks of the exchange. */
  readonly contentsDigest: string;
  readonly state: HenanLicenceState | undefined;
  /** Why the state changed, when the department says so. */
  readonly reason: string | undefined;
}

/** What the columns are held against. */
export interface LicenceFrame {
  readonly organisationCode: string;
  /** Our code of the province's catalog_id; undefined when it is not known here. */
  readonly codeOfCatalogId: string | undefined;
  readonly definition: CatalogueDefinition | undefined;
}

/** The entry a row is about: by its type code, else by the code that the province gave to the entry. */
export function catalogueCodeOf({ text }: PhysicalRow, codeOfCatalogId: string | undefined): string | undefined {
  return text.license_type_code?.trim() || codeOfCatalogId;
}

export function readLicence(row: PhysicalRow, frame: LicenceFrame): ReadLicence {
  const { text } = row;
  const faults: PointedFault[] = row.broken.map((column) => ({
    pointer: POINTERS[column] ?? `/${column}`,
    code: 'ROW_PAYLOAD_BROKEN',
    detail: `${column} UTF-8`,
  }));
  const items = readMetadata(text.new_add_metadata ?? '');
  if (!items) faults.push({ pointer: '/fields', code: 'ROW_PAYLOAD_BROKEN', detail: 'JSON' });
  for (const { key, value } of items ?? []) faults.push(...findUnstorable({ [key]: value }, '/fields'));
  const catalogueCode = catalogueCodeOf(row, frame.codeOfCatalogId);
  const state = readLicenceState(text.state);
  faults.push(...checkColumns(row, frame, catalogueCode));
  const fields = readFields(items ?? [], frame.definition, faults);
  const number = numberOf(text);
  if (fields.licenceNumber && number.licenceNumber && fields.licenceNumber !== number.licenceNumber)
    faults.push({ pointer: '/fields/licenceNumber', code: 'ALREADY_EXISTS', detail: 'new_add_metadata.licenceNumber' });
  const body = {
    catalogueCode,
    holders: readHolders(text, items ?? [], faults),
    fields: { ...fields, ...number },
    validFrom: readDay(text.valid_time_begin ?? ''),
    validTo: readLastDay(text.valid_time_end ?? ''),
  };
  const identifier = findReserved(items ?? [], RESERVED.identifier);
  return {
    body: Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined)),
    faults,
    sealed: readSealed(row, identifier, faults),
    identifier,
    contentsDigest: digestContents(row, items),
    state,
    reason: findReserved(items ?? [], RESERVED.reason),
  };
}

const POINTERS: Readonly<Record<string, string>> = {
  holder: '/holders/0/name',
  holder_code: '/holders/0/number',
  license_number: '/fields/licenceNumber',
  new_add_metadata: '/fields',
};

function numberOf(text: PhysicalRow['text']): { readonly licenceNumber?: string } {
  const number = text.license_number?.trim() ?? '';
  return isNothing(number) ? {} : { licenceNumber: number };
}

function checkColumns(
  { text }: PhysicalRow,
  { organisationCode, codeOfCatalogId }: LicenceFrame,
  catalogueCode: string | undefined,
): PointedFault[] {
  const faults: PointedFault[] = [];
  const unit = text.issue_unit?.trim();
  if (unit && unit !== organisationCode) faults.push({ pointer: '/issuingBody', code: 'FOREIGN_ISSUER' });
  if (text.category !== undefined && readCategory(text.category) === undefined)
    faults.push({ pointer: '/fileKind', code: 'FIELD_NOT_IN_CODE_LIST', detail: '0 / 1' });
  if (catalogueCode && codeOfCatalogId && catalogueCode !== codeOfCatalogId)
    faults.push({ pointer: '/catalogueCode', code: 'CATALOGUE_UNKNOWN', detail: 'catalog_id ≠ license_type_code' });
  return faults;
}

function readSealed(
  { text, file }: PhysicalRow,
  identifier: string | undefined,
  faults: PointedFault[],
): SealedFacts | undefined {
  if (!file) return undefined;
  if (!readFileType(text.file_type?.trim() ?? ''))
    faults.push({ pointer: '/files/format', code: 'FIELD_NOT_IN_CODE_LIST', detail: 'OFD / PDF' });
  return { identifier: identifier ?? '', issuedOn: readDay(text.issue_date ?? '') ?? '', expected: 1 };
}

/** Columns that say nothing of what is licensed. */
const APART: readonly string[] = ['state', 'sync_state', 'sync_date', 'create_date', 'new_add_metadata'];

function digestContents({ text, file }: PhysicalRow, items: readonly MetadataItem[] | undefined): string {
  const columns = Object.fromEntries(Object.entries(text).filter(([name]) => !APART.includes(name)));
  const metadata = items
    ? items.filter(({ key }) => key.toLowerCase() !== RESERVED.reason)
    : (text.new_add_metadata ?? null);
  return sm3Hex(canonicalJson({ columns, metadata, file: file?.sha256 ?? null }));
}
