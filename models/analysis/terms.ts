/** What an analysis may see: types with their columns, a filter, how holders are shown, how much, how long. The application and the
 *  grant are both written in it, so that they can be laid side by side. */
import { z } from 'zod';
import { LICENCE_STATUSES, type LicenceStatus } from '../licence/states.ts';

/** Columns that every type has, with their headings. */
export const COMMON_COLUMNS = {
  identifier: '电子证照标识',
  licenceNumber: '证照编号',
  status: '证照状态',
  issuedOn: '签发日期',
  validFrom: '有效期起',
  validTo: '有效期止',
  issuingBody: '签发机构代码',
  holderName: '持证主体名称',
  holderNumber: '持证主体代码',
} as const;
export type CommonColumn = keyof typeof COMMON_COLUMNS;

export const PERSONAL_COLUMNS: ReadonlySet<string> = new Set<CommonColumn>(['holderName', 'holderNumber']);

/** How holders are shown, the least first. */
export const PERSONAL_LEVELS = ['none', 'pseudonym', 'masked', 'plain'] as const;
export type PersonalLevel = (typeof PERSONAL_LEVELS)[number];

export const MOST_ROWS = 1_000_000;
export const MOST_DOWNLOADS = 20;

const keysOf = <Key extends string>(record: Readonly<Record<Key, unknown>>) => Object.keys(record) as [Key, ...Key[]];
const each = <Item extends z.ZodType>(item: Item, most: number) =>
  z
    .array(item)
    .min(1)
    .max(most)
    .refine((items) => new Set(items).size === items.length, 'listed twice');
const fieldKey = z.string().regex(/^[a-z][A-Za-z0-9]{0,59}$/);

const typeSchema = z.strictObject({
  catalogueCode: z.string().length(21),
  common: each(z.enum(keysOf(COMMON_COLUMNS)), 9),
  /** Keys of the entry's fields. */
  fields: z
    .array(fieldKey)
    .max(100)
    .refine((items) => new Set(items).size === items.length, 'listed twice')
    .default([]),
  /** Only licences with this code in this field of the code kind. */
  where: z.record(fieldKey, z.string().min(1).max(60)).default({}),
});
export type AnalysisType = z.infer<typeof typeSchema>;

const filterSchema = z.strictObject({
  issuedFrom: z.iso.date().optional(),
  issuedTo: z.iso.date().optional(),
  statuses: each(z.enum(keysOf(LICENCE_STATUSES) as [LicenceStatus]), 20).optional(),
  issuingBodies: each(z.string().length(18), 100).optional(),
});
export type AnalysisFilter = z.infer<typeof filterSchema>;

export const termsShape = {
  types: z
    .array(typeSchema)
    .min(1)
    .max(20)
    .refine((types) => new Set(types.map((type) => type.catalogueCode)).size === types.length, 'listed twice'),
  filter: filterSchema,
  personal: z.enum(PERSONAL_LEVELS),
  mostRows: z.int().min(1).max(MOST_ROWS),
  /** Days on which the delivery is needed, the last one included. */
  period: z.strictObject({ from: z.iso.date(), to: z.iso.date() }),
  mostDownloads: z.int().min(1).max(MOST_DOWNLOADS),
};
export const termsSchema = z.strictObject(termsShape);
export type AnalysisTerms = z.infer<typeof termsSchema>;
