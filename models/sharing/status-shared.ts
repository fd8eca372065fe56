/** The business status of a licence within a use, as of now (C-5(3) 业务状态核验). */
import { z } from 'zod';
import type { Caller, House } from '../house.ts';
import { findInspection, type ToldInspection } from '../inspection/find-inspection.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { type LicenceStatus, statusOn } from '../licence/states.ts';
import { findDisputed } from '../objection/find-disputed.ts';
import { bounded, getWithinUse } from './within-use.ts';

export const statusSharedSchema = z.strictObject(bounded);

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
}

export async function statusShared(
  house: House,
  caller: Caller,
  request: z.infer<typeof statusSharedSchema>,
): Promise<SharedStatus> {
  const { licence } = await getWithinUse(house, caller, 'sharing.status', request);
  const disputed = await findDisputed(house, [licence]);
  const now = house.clock();
  return {
    identifier: licence.identifier ?? '',
    status: statusOn(licence, toShanghaiDate(now)),
    validFrom: licence.validFrom,
    validTo: licence.validTo,
    disputed: disputed.has(licence.id),
    inspection: await findInspection(house, licence.id),
    asOf: now.toISOString(),
  };
}
