/** Where a fault lies, in the words of Henan's tables: the API's `/validFrom` is the column `valid_time_begin`. */
import type { RowKind } from '../../front-end/profile.ts';
import { RESERVED } from '../metadata.ts';

const LICENCE: Readonly<Record<string, string>> = {
  catalogueCode: 'license_type_code',
  issuingBody: 'issue_unit',
  fileKind: 'category',
  validFrom: 'valid_time_begin',
  validTo: 'valid_time_end',
  issuedOn: 'issue_date',
  act: 'state',
  identifier: `new_add_metadata.${RESERVED.identifier}`,
  reason: `new_add_metadata.${RESERVED.reason}`,
  fields: 'new_add_metadata',
};
const HOLDER: Readonly<Record<string, [column: string, reserved: string]>> = {
  name: ['holder', RESERVED.holder],
  number: ['holder_code', RESERVED.holderCode],
  type: ['whose', RESERVED.holderNumberType],
  numberType: [`new_add_metadata.${RESERVED.holderNumberType}`, RESERVED.holderNumberType],
};
const CATALOGUE: Readonly<Record<string, string>> = {
  code: 'licence_type_code',
  name: 'license_name',
  category: 'license_type',
  fileKind: 'category',
  issuingBody: 'issue_unit',
  holderType: 'whose',
  baseImages: 'license_base_image',
};

export function nameColumn(kind: RowKind, pointer: string): string {
  const [first, ...below] = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (first === undefined) return '整行';
  if (kind === 'catalogue') return [CATALOGUE[first] ?? first, ...below].join('.');
  if (first === 'files') return below[0] === 'format' ? 'file_type' : 'license_file';
  if (first === 'fields' && below[0] === 'licenceNumber') return 'license_number';
  if (first === 'holders') return nameHolder(below);
  return [LICENCE[first] ?? first, ...below].join('.');
}

function nameHolder([index = '0', part = 'name']: readonly string[]): string {
  const [column, reserved] = HOLDER[part] ?? [part, part];
  return index === '0' ? column : `new_add_metadata.${reserved}${Number(index) + 1}`;
}
