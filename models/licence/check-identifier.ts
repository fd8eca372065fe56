/** The identifier that a licence brings with it: in the form of GB/T 36904, its check character right, of the type and the body
 *  that it stands under, and of no other licence. */
import { parseIdentifier } from '../identifier/licence-identifier.ts';
import type { PointedFault } from '../kernel/fault.ts';
import { canonicalIdentifier } from './check-handed-files.ts';
import type { LicenceColumns } from './rows.ts';

/** Gives `FIELD_REQUIRED`, `FIELD_PATTERN`, `CHECK_CHARACTER_WRONG`, `FILE_MISMATCH` naming what it contradicts, `ALREADY_EXISTS`.
 *  @param taken canonical identifiers of other licences */
export function checkIdentifier(
  text: string,
  { catalogueCode, issuingBody }: Pick<LicenceColumns, 'catalogueCode' | 'issuingBody'>,
  taken: ReadonlySet<string>,
): PointedFault[] {
  const pointer = '/identifier';
  if (!text) return [{ pointer, code: 'FIELD_REQUIRED' }];
  const identifier = parseIdentifier(text);
  if (!identifier) return [{ pointer, code: 'FIELD_PATTERN', detail: 'GB/T 36904' }];
  const faults: PointedFault[] = [];
  if (!identifier.checkHolds) faults.push({ pointer, code: 'CHECK_CHARACTER_WRONG' });
  if (identifier.typeCode !== catalogueCode) faults.push({ pointer, code: 'FILE_MISMATCH', detail: 'catalogueCode' });
  if (identifier.issuerCode !== issuingBody) faults.push({ pointer, code: 'FILE_MISMATCH', detail: 'issuingBody' });
  if (taken.has(canonicalIdentifier(text))) faults.push({ pointer, code: 'ALREADY_EXISTS' });
  return faults;
}
