/** A department asks for a new version of its licence: the facts of the former, with what is new over them, as a submission that goes
 *  through the same rooms as any other. */
import type { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { findNewestEntry } from '../catalogue/find-entry.ts';
import { revealHolderNumber } from '../holder/find-or-add-holder.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { findHolders } from './find-holders.ts';
import { getOwnLicence } from './get-own-licence.ts';
import type { LicenceColumns } from './rows.ts';
import { submissionSchema } from './submission.ts';
import { submitLicence } from './submit-licence.ts';
import type { Submitted } from './submit-licences.ts';
import { successionSchema } from './succession.ts';

export const successionRequestSchema = submissionSchema
  .omit({ catalogueCode: true, succeeds: true, stock: true })
  .partial()
  .extend(successionSchema.omit({ identifier: true }).shape);
export type SuccessionRequest = z.infer<typeof successionRequestSchema>;

/** Throws `NOT_FOUND`, `STATE_CONFLICT` for what is not issued or may not be succeeded now, `SUCCESSION_OPEN`, and the faults of a
 *  submission. */
export async function succeedLicence(
  house: House,
  caller: Caller,
  licenceId: string,
  request: SuccessionRequest,
  remember?: Remember<Submitted>,
): Promise<Submitted> {
  requireRole(caller, 'issuer.clerk');
  const former = await getOwnLicence(house, caller, licenceId);
  if (former.state !== 'issued') throw new Fault('STATE_CONFLICT', { detail: former.state });
  const body = await composeSuccession(house, former, request);
  return submitLicence(house, caller, body, { source: caller.type === 'person' ? 'form' : 'api' }, remember);
}

async function composeSuccession(house: House, former: LicenceColumns, request: SuccessionRequest): Promise<object> {
  const { act, legalBasis, reason, ...given } = request;
  const holders = await findHolders(house, former.id);
  const { validFrom, validTo, commitment } = former;
  // A renewal has a term of its own; amended or replaced, a licence keeps the one it has.
  const term = act === 'renew' ? {} : { ...(validFrom ? { validFrom } : {}), ...(validTo ? { validTo } : {}) };
  return {
    ...{ catalogueCode: former.catalogueCode, commitment, ...term },
    holders: holders.map((holder) => ({
      ...{ name: holder.nameOnFace, type: holder.type, numberType: holder.numberType },
      number: revealHolderNumber(house, holder),
    })),
    ...given,
    fields: { ...(await carryFields(house, former)), ...given.fields },
    succeeds: { identifier: former.identifier ?? '', act, reason, ...(legalBasis ? { legalBasis } : {}) },
  };
}

/** Those that the entry still has, pictures as bytes. */
async function carryFields(house: House, former: LicenceColumns): Promise<Record<string, string>> {
  const entry = await findNewestEntry(house, former.catalogueCode);
  const carried: Record<string, string> = {};
  for (const { key, type } of entry?.definition.fields ?? []) {
    const value = former.fields[key];
    if (value === undefined) continue;
    const isPicture = type === 'image' && value.startsWith('sm3:');
    carried[key] = isPicture ? Buffer.from(await house.blobs.get(value.slice(4))).toString('base64') : value;
  }
  return carried;
}
