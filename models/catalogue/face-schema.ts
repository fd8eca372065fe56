/** The shape of a face description (照面) as it comes from outside; the signing floor draws it. */
import { z } from 'zod';

const MAX_PAGE_MM = 1200;
const millimetres = z.number().min(0).max(MAX_PAGE_MM);
const box = z.tuple([millimetres, millimetres, z.number().gt(0).max(MAX_PAGE_MM), z.number().gt(0).max(MAX_PAGE_MM)]);
const colour = z.string().regex(/^#[0-9a-fA-F]{6}$/);

const textItem = z.strictObject({
  kind: z.literal('text'),
  text: z.string().min(1).max(2000),
  box,
  font: z.enum(['serif', 'serif-bold', 'sans', 'sans-bold']).optional(),
  sizeMm: z.number().min(0.8).max(100),
  minSizeMm: z.number().min(0.5).max(100).optional(),
  align: z.enum(['left', 'center', 'right', 'justify']).optional(),
  verticalAlign: z.enum(['top', 'middle', 'bottom']).optional(),
  lineHeight: z.number().min(0.8).max(5).optional(),
  spacingMm: z.number().min(-5).max(100).optional(),
  colour: colour.optional(),
  when: z.string().max(60).optional(),
});

const lineItem = z.strictObject({
  kind: z.literal('line'),
  from: z.tuple([millimetres, millimetres]),
  to: z.tuple([millimetres, millimetres]),
  widthMm: z.number().min(0.05).max(20),
  colour: colour.optional(),
});

const item = z.discriminatedUnion('kind', [
  textItem,
  lineItem,
  z.strictObject({ kind: z.literal('qr'), box }),
  z.strictObject({ kind: z.literal('seal'), box }),
  z.strictObject({ kind: z.literal('image'), field: z.string().max(60), box }),
]);

export const faceLayoutSchema = z.strictObject({
  pages: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(60),
        widthMm: z.number().min(30).max(MAX_PAGE_MM),
        heightMm: z.number().min(30).max(MAX_PAGE_MM),
        baseImage: z.string().max(60).optional(),
        items: z.array(item).min(1).max(400),
      }),
    )
    .min(1)
    .max(50),
});
