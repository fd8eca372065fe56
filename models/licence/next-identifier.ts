/** The identifier of a licence that is about to be sealed: a new serial with version 001, or for a new version of a licence its serial
 *  with the next version (GB/T 36904), the check character anew. No identifier that was ever meant for a sealing comes again. */
import { Op } from 'sequelize';
import type { CatalogueColumns } from '../catalogue/rows.ts';
import type { House } from '../house.ts';
import { formatIdentifier, IDENTIFIER_ROOT, parseIdentifier } from '../identifier/licence-identifier.ts';
import { readRows } from '../store/bulk-read.ts';
import type { LicenceColumns } from './rows.ts';

const FIRST_VERSION = 1;
const LAST_VERSION = 999;

export async function nextIdentifier(
  house: House,
  licence: Pick<LicenceColumns, 'issuingBody' | 'predecessorId'>,
  entry: Pick<CatalogueColumns, 'code'>,
): Promise<string> {
  const [typeCode, issuerCode] = [entry.code, licence.issuingBody];
  const compose = (serial: string, version: number) =>
    formatIdentifier({ typeCode, issuerCode, serial, version: String(version).padStart(3, '0') });
  const former = licence.predecessorId ? await house.db.rows.licences.findByPk(licence.predecessorId) : null;
  const parsed = parseIdentifier(former?.identifier ?? '');
  const last =
    parsed?.typeCode === typeCode && parsed.issuerCode === issuerCode
      ? await findLastVersion(house, `${IDENTIFIER_ROOT}.${typeCode}.${issuerCode}.${parsed.serial}.`)
      : LAST_VERSION;
  // What a department has numbered in its own way, or 999 times, begins anew; the link to the former stays.
  if (!parsed || last >= LAST_VERSION) return compose(house.newId(), FIRST_VERSION);
  return compose(parsed.serial, last + 1);
}

/** Of licences, and of sealings that came to nothing. */
async function findLastVersion({ db }: House, prefix: string): Promise<number> {
  // The dot is followed by digits: up to the character after them, found in the index.
  const where = { identifier: { [Op.gte]: prefix, [Op.lt]: `${prefix}~` } };
  const issued = await readRows(db.rows.licences, { where, attributes: ['identifier'] });
  const meant = await readRows(db.rows.intents, { where, attributes: ['identifier'] });
  const versions = [...issued, ...meant].map(({ identifier }) => Number(parseIdentifier(identifier ?? '')?.version));
  return Math.max(...versions.filter(Number.isInteger), FIRST_VERSION);
}
