/** A page of a list: pass `next` as `after`; null at the end. */
import { z } from 'zod';

export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.strictObject({ items: z.array(item).readonly(), next: z.string().nullable() });
