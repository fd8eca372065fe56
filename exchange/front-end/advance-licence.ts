/** Bring a submitted licence as far as it may go without a person: reviewed by the issuer's signed rule, sealed where the
 *  catalogue entry lets the repository seal. It goes on from wherever a crash has left it. */
import { getEntryVersion } from '../../models/catalogue/index.ts';
import type { Receipt } from '../../models/exchange-state/index.ts';
import type { Caller, House } from '../../models/house.ts';
import { describeFault, Fault } from '../../models/kernel/fault.ts';
import { reviewByRule, sealLicence } from '../../models/licence/index.ts';
import { makeReceipt } from './receipts.ts';
import { askForTry, nameFault, noteTry } from './sealing-rest.ts';

type LicenceRow = Parameters<typeof reviewByRule>[2];

export async function advanceLicence(house: House, caller: Caller, licenceId: string): Promise<Receipt> {
  const licence = await getLicence(house, licenceId);
  switch (licence.state) {
    case 'submitted':
      return (await isCovered(house, caller, licence))
        ? advanceLicence(house, caller, licenceId)
        : makeReceipt('AWAITING_REVIEW', '', licenceId);
    case 'reviewed':
      return sealOrWait(house, caller, licence);
    case 'sealing':
      return makeReceipt('AWAITING_SEAL', '', licenceId);
    case 'returned':
    case 'withdrawn':
      return makeReceipt('RETURNED', await findReason(house, licenceId), licenceId);
    case 'issued':
      return issuedReceipt(house, licence);
  }
}

async function getLicence(house: House, licenceId: string): Promise<LicenceRow> {
  const row = await house.db.rows.licences.findByPk(licenceId);
  if (!row) throw new Error(`licence ${licenceId} of an applied row is missing`);
  return row.get();
}

/** A rule whose signature does not hold covers nothing; a person decides. */
async function isCovered(house: House, caller: Caller, licence: LicenceRow): Promise<boolean> {
  try {
    return await reviewByRule(house, caller, licence);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'RULE_SIGNATURE_WRONG') throw error;
    house.log.warn({ licenceId: licence.id, code: error.code }, 'a review rule is not to be trusted');
    return false;
  }
}

/** The licence is in the house already: no fault on its further way is a refusal of the row, and none leaves it without a receipt
 *  or holds back a correction. The receipt says what stands in the way; later passes go on. */
async function sealOrWait(house: House, caller: Caller, licence: LicenceRow): Promise<Receipt> {
  const entry = await getEntryVersion(house, licence.catalogueCode, licence.catalogueVersion);
  const { delegation, sealAct } = entry.definition;
  if (!delegation || sealAct === 'holder') return makeReceipt('AWAITING_SEAL', '', licence.id);
  const rests = askForTry(house, licence);
  if (rests) return makeReceipt('AWAITING_SEAL', rests, licence.id);
  try {
    await sealLicence(house, caller, licence.id);
    noteTry(house, licence);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    noteTry(house, licence, error);
    if (error.code === 'REGISTRY_UNAVAILABLE') return makeReceipt(error.code, error.detail, licence.id);
    if (error.code === 'REGISTRY_MISMATCH') return makeReceipt(error.code, nameDiffering(error), licence.id);
    // Somebody else has moved it meanwhile.
    if (error.code === 'STATE_CONFLICT' && (await getLicence(house, licence.id)).state !== 'reviewed')
      return advanceLicence(house, caller, licence.id);
    const reasons = [error, ...error.errors].map(nameFault);
    return makeReceipt(
      error.code === 'NOT_REVIEWED' ? 'AWAITING_REVIEW' : 'AWAITING_SEAL',
      reasons.join('；'),
      licence.id,
    );
  }
  return issuedReceipt(house, await getLicence(house, licence.id));
}

/** Every place that differs on a line of its own, as columns are named: `holders.0.name`. */
function nameDiffering({ errors }: Fault): string {
  return errors
    .map((error) => `${error.pointer.slice(1).replaceAll('/', '.')} ${describeFault(error).zh}（${error.code}）`)
    .join('\n');
}

export function issuedReceipt(
  house: House,
  licence: Pick<LicenceRow, 'id' | 'identifier' | 'licenceNumber' | 'verificationCode'>,
): Receipt {
  const check = `${house.publicUrl}/v/${licence.verificationCode}`;
  const detail = `证照编号 ${licence.licenceNumber}，证照标识 ${licence.identifier}，查验 ${check}`;
  return { ...makeReceipt('ISSUED', detail, licence.id), identifier: licence.identifier };
}

async function findReason(house: House, licenceId: string): Promise<string> {
  const review = await house.db.rows.reviews.findOne({
    where: { licenceId, decision: ['returned', 'withdrawn'] },
    order: [['id', 'DESC']],
  });
  return review?.reason ?? '';
}
