/** Preview, status and comparison of one licence within a use (C-5(3), R-45). */
import { z } from 'zod';
import type { Caller, House } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { revealHolderNumber } from '../holder/find-or-add-holder.ts';
import { drawPreview, type Preview } from '../licence/draw-preview.ts';
import { findHolders } from '../licence/get-licence.ts';
import { statusOn, type LicenceStatus } from '../licence/states.ts';
import { getWithinUse } from './within-use.ts';

const bounded = { useCode: z.string().min(10).max(64), identifier: z.string().min(10).max(200) };

export const previewSharedSchema = z.strictObject({ ...bounded, page: z.int().min(0).max(49).default(0) });
export const statusSharedSchema = z.strictObject(bounded);
export const compareSharedSchema = z.strictObject({ ...bounded, fields: z.record(z.string().max(60), z.string().max(20_000)) });

export async function previewShared(
  house: House,
  caller: Caller,
  request: z.infer<typeof previewSharedSchema>,
): Promise<Preview> {
  const { licence } = await getWithinUse(house, caller, 'sharing.preview', request);
  return drawPreview(house, licence, request.page);
}

export interface SharedStatus {
  readonly identifier: string;
  readonly status: LicenceStatus | null;
  readonly validFrom: string | null;
  readonly validTo: string | null;
  readonly asOf: string;
}

export async function statusShared(
  house: House,
  caller: Caller,
  request: z.infer<typeof statusSharedSchema>,
): Promise<SharedStatus> {
  const { licence } = await getWithinUse(house, caller, 'sharing.status', request);
  const now = house.clock();
  return {
    identifier: licence.identifier ?? '',
    status: statusOn(licence, toShanghaiDate(now)),
    validFrom: licence.validFrom,
    validTo: licence.validTo,
    asOf: now.toISOString(),
  };
}

/** `unknown`: the licence has no such field. The licence's own value is never told. */
export type Comparison = 'same' | 'different' | 'unknown';

export async function compareShared(
  house: House,
  caller: Caller,
  request: z.infer<typeof compareSharedSchema>,
): Promise<{ readonly fields: Readonly<Record<string, Comparison>> }> {
  const { licence } = await getWithinUse(house, caller, 'sharing.compare', request);
  const holders = await findHolders(house, licence.id);
  const facts: Record<string, string> = {
    ...licence.fields,
    holderName: holders.map((holder) => holder.nameOnFace).join('、'),
    holderNumber: holders.map((holder) => revealHolderNumber(house, holder)).join('、'),
    validFrom: licence.validFrom ?? '',
    validTo: licence.validTo ?? '',
  };
  const compared = Object.entries(request.fields).map(([key, value]): [string, Comparison] => {
    if (!Object.hasOwn(facts, key)) return [key, 'unknown'];
    return [key, facts[key]?.trim() === value.trim() ? 'same' : 'different'];
  });
  return { fields: Object.fromEntries(compared) };
}
