/** The public check: from a QR code to authenticity and status, telling no more than the face already shows. */
import { logAccess } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import { parseIdentifier } from '../identifier/licence-identifier.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { maskName } from '../kernel/sensitive.ts';
import { findDisputed } from '../objection/find-disputed.ts';
import { findHolders } from './find-holders.ts';
import { getStanding } from './find-standing.ts';
import { hasNewerVersion } from './find-versions.ts';
import { LICENCE_STATUSES, type LicenceStatus } from './states.ts';

export interface PublicCheck {
  readonly catalogueName: string;
  readonly licenceNumber: string;
  readonly identifier: string;
  readonly issuerName: string;
  /** Bodies by name; persons with all but the first character hidden. */
  readonly holderName: string;
  readonly issuedOn: string | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly status: LicenceStatus;
  readonly statusWords: string;
  /** An objection is open, or upheld and not yet corrected, and its issuer's policy is to say so. */
  readonly disputed: boolean;
  /** A newer version of it has been issued (延续, 变更, 补证). */
  readonly newerVersion: boolean;
  readonly checkedAt: string;
  /** Of the print whose number was asked for: what it was made for and by which body; null when there is no such print of
   *  this licence. Left out when none was asked for. */
  readonly print?: PublicPrint | null;
}

export interface PublicPrint {
  readonly serial: string;
  readonly printedOn: string;
  readonly printedBy: string;
  readonly purpose: string;
}

/** `code` from the address. Undefined when there is none. An `identifier` beside it must be of the same licence (its serial
 *  is compared); it never resolves a licence by itself, for identifiers are no secret and codes are.
 *  @param serial number of a print of it, which the answer then tells of */
export async function checkByCode(
  house: House,
  caller: Caller,
  code: string,
  identifier?: string,
  serial?: string,
): Promise<PublicCheck | undefined> {
  const { catalogueEntries, licences, organisations } = house.db.rows;
  const row = /^[0-9A-Z]{10,40}$/.test(code)
    ? await licences.findOne({ where: { verificationCode: code, state: 'issued' } })
    : null;
  const matches =
    row && (!identifier || parseIdentifier(identifier)?.serial === parseIdentifier(row.identifier ?? '')?.serial);
  await logAccess(house, caller, {
    act: 'verification.code',
    outcome: matches ? 'done' : 'refused',
    licenceId: row?.id ?? null,
  });
  if (!matches) return undefined;
  const licence = row.get();
  const now = house.clock();
  const status = (await getStanding(house, licence)) ?? 'voided';
  const holders = await findHolders(house, licence.id);
  const entry = await catalogueEntries.findOne({
    where: { code: licence.catalogueCode, version: licence.catalogueVersion },
  });
  const issuer = await organisations.findByPk(licence.issuingBody);
  return {
    catalogueName: entry?.name ?? '',
    licenceNumber: licence.licenceNumber,
    identifier: licence.identifier ?? '',
    issuerName: issuer?.name ?? '',
    holderName: holders
      .map(({ type, nameOnFace }) => (type === 'natural' ? maskName(nameOnFace) : nameOnFace))
      .join('、'),
    issuedOn: licence.issuedOn,
    validFrom: licence.validFrom,
    validTo: licence.validTo,
    status,
    statusWords: LICENCE_STATUSES[status].zh,
    disputed: (await findDisputed(house, [licence])).has(licence.id),
    newerVersion: await hasNewerVersion(house, licence.id),
    checkedAt: now.toISOString(),
    ...(serial === undefined ? {} : { print: await findPrint(house, licence.id, serial) }),
  };
}

/** The body and the purpose that stand on the paper; never who of the body it was. */
async function findPrint(house: House, licenceId: string, serial: string): Promise<PublicPrint | null> {
  const row = await house.db.rows.prints.findOne({ where: { serial: serial.slice(0, 40), licenceId } });
  if (!row) return null;
  const body = await house.db.rows.organisations.findByPk(row.organisationCode);
  const printedOn = toShanghaiDate(row.createdAt);
  return { serial: row.serial, printedOn, printedBy: body?.name ?? '', purpose: row.purpose };
}
