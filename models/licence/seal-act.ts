/** The act of a person who keeps the seal (在线签章): they have seen exactly these contents and say why they seal. Demanded where the
 *  catalogue entry says so; anybody may state it. */
import { z } from 'zod';
import { getEntryTraits } from '../catalogue/find-entry.ts';
import type { Caller, House } from '../house.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import type { LicenceColumns } from './rows.ts';

export const sealActSchema = z.strictObject({
  reason: writtenText(1000).optional(),
  /** SM3 of the contents, as the licence's view states it. */
  contentDigest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});
export type SealAct = z.infer<typeof sealActSchema>;

/** Throws `SEAL_ACT_REQUIRED` for a system, a script, the repository or another body; `REQUEST_INVALID` for an act that does not say what
 *  or why; `CONTENT_NOT_CONFIRMED` for other contents than these, demanded or not. */
export async function requireSealAct(
  house: House,
  caller: Caller,
  licence: Pick<LicenceColumns, 'catalogueCode' | 'catalogueVersion' | 'contentDigest' | 'issuingBody'>,
  { reason, contentDigest }: SealAct,
): Promise<void> {
  const { sealedByHolder } = await getEntryTraits(house, licence.catalogueCode, licence.catalogueVersion);
  if (sealedByHolder) {
    const isHolder =
      caller.type === 'person' && caller.inSession === true && caller.organisationCode === licence.issuingBody;
    if (!isHolder) throw new Fault('SEAL_ACT_REQUIRED');
    const missing = Object.entries({ contentDigest, reason }).filter(([, value]) => value === undefined);
    throwFaults(missing.map(([key]): PointedFault => ({ pointer: `/${key}`, code: 'FIELD_REQUIRED' })));
  }
  if (contentDigest !== undefined && contentDigest !== licence.contentDigest) throw new Fault('CONTENT_NOT_CONFIRMED');
}
