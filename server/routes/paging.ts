/** Cursor paging of every list. */
import { z } from 'zod';

export const pageQuery = z.strictObject({
  after: z.string().max(64).optional(),
  limit: z.coerce.number().int().min(1).max(200).optional(),
});
