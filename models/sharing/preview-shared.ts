/** Preview the face of a licence within a use (C-5(3)). */
import { z } from 'zod';
import type { Caller, House } from '../house.ts';
import { drawPreview, type Preview } from '../licence/draw-preview.ts';
import { bounded, getWithinUse } from './within-use.ts';

export const previewSharedSchema = z.strictObject({ ...bounded, page: z.int().min(0).max(49).default(0) });

export async function previewShared(
  house: House,
  caller: Caller,
  request: z.infer<typeof previewSharedSchema>,
): Promise<Preview> {
  const { licence } = await getWithinUse(house, caller, 'sharing.preview', request);
  return drawPreview(house, licence, request.page);
}
