/** The business status of a licence within a use, as of now or of an earlier moment (C-5(3) 业务状态核验). */
import { z } from 'zod';
import type { Caller, House } from '../house.ts';
import { findInspection, type ToldInspection } from '../inspection/find-inspection.ts';
import { getStanding } from '../licence/find-standing.ts';
import { hasNewerVersion } from '../licence/find-versions.ts';
import { findStatusAsOf } from '../licence/read-as-of.ts';
import type { LicenceStatus } from '../licence/states.ts';
import { findDisputed } from '../objection/find-disputed.ts';
import { bounded, getWithinUse } from './within-use.ts';

export const statusSharedSchema = z.strictObject({
  ...bounded,
  /** Default: now. */
  asOf: z.iso.datetime({ offset: true }).optional(),
});

export interface SharedStatus {
  readonly identifier: string;
  readonly status: LicenceStatus | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  /** An objection is open, or upheld and not yet corrected. */
  readonly disputed: boolean;
  /** The newest annual inspection (年检); null: none has been due. */
  readonly inspection: ToldInspection | null;
  readonly asOf: string;
  /** A newer version of it has been issued by now. */
  readonly newerVersion: boolean;
}

/** Throws `AS_OF_OUTSIDE` for a moment before the issue, or one that has not come. */
export async function statusShared(
  house: House,
  caller: Caller,
  request: z.infer<typeof statusSharedSchema>,
): Promise<SharedStatus> {
  const { licence } = await getWithinUse(house, caller, 'sharing.status', request);
  const disputed = await findDisputed(house, [licence]);
  const { asOf } = request;
  const at = asOf === undefined ? house.clock() : new Date(asOf);
  const status =
    asOf === undefined ? await getStanding(house, licence) : (await findStatusAsOf(house, licence, at)).status;
  return {
    identifier: licence.identifier ?? '',
    status,
    validFrom: licence.validFrom,
    validTo: licence.validTo,
    disputed: disputed.has(licence.id),
    inspection: await findInspection(house, licence.id),
    asOf: at.toISOString(),
    newerVersion: await hasNewerVersion(house, licence.id),
  };
}
