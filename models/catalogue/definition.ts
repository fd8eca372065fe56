/** A catalogue entry (目录) as its issuing department writes it: R-10, GB/T 36902, and the face it draws. */
import { z } from 'zod';
import { inspectionPolicySchema } from '../inspection/policy.ts';
import { writtenText } from '../kernel/written-text.ts';
import { faceLayoutSchema } from './face-schema.ts';

/** A pattern that compiles; whether it is bounded is judged with the entry (bound-pattern.ts). */
const pattern = z.string().max(500).refine(isRegularExpression, 'not a regular expression');

const fieldKey = z.string().regex(/^[a-z][A-Za-z0-9]{0,59}$/);

export const fieldSchema = z.strictObject({
  key: fieldKey,
  /** 中文 name, as it stands on the form. */
  name: writtenText(60),
  type: z.enum(['text', 'date', 'integer', 'decimal', 'code', 'image']),
  required: z.boolean(),
  /** Names a person, or holds their number: in bulk analyses shown only as holders are. */
  personal: z.literal(true).optional(),
  maxLength: z.int().min(1).max(20_000).optional(),
  pattern: pattern.optional(),
  codes: z.array(z.strictObject({ code: z.string().min(1).max(60), name: writtenText(120) })).optional(),
});
export type FieldDefinition = z.infer<typeof fieldSchema>;

/** Characters of a field that states no length of its own. */
const DEFAULT_LENGTH = 2000;
/** Characters of a licence number: it is part of a key. */
const MOST_NUMBER_LENGTH = 120;

export const longestValue = ({ maxLength }: Pick<FieldDefinition, 'maxLength'>): number => maxLength ?? DEFAULT_LENGTH;

export function longestNumber({ fields, numberField }: Pick<CatalogueDefinition, 'fields' | 'numberField'>): number {
  const stated = fields.find(({ key }) => key === numberField)?.maxLength;
  return Math.min(stated ?? MOST_NUMBER_LENGTH, MOST_NUMBER_LENGTH);
}

export const CATEGORIES = {
  certificate: '证件',
  permit: '执照',
  approval: '批文',
  appraisal: '鉴定报告',
  proof: '证明材料',
} as const;

export const catalogueDefinitionSchema = z.strictObject({
  code: z.string().regex(/^[0-9A-Z]{18}\d{3}$/),
  name: writtenText(120),
  category: z.enum(Object.keys(CATEGORIES) as [keyof typeof CATEGORIES]),
  fileKind: z.enum(['licence', 'approval-document']),
  issuingBody: z.string().length(18),
  providingBody: z.string().length(18),
  holderType: z.enum(['natural', 'legal', 'both']),
  level: z.enum(['national', 'province', 'city', 'county']),
  numberFormat: z.strictObject({
    pattern,
    example: z.string().min(1).max(120),
    /** Makes numbers when a submission has none: `{yyyy}` and one `{seq:6}`. */
    template: z.string().max(120).optional(),
  }),
  validity: z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('permanent') }),
    z.strictObject({ kind: z.literal('fixed'), years: z.int().min(1).max(100) }),
    z.strictObject({ kind: z.literal('stated') }),
  ]),
  fields: z.array(fieldSchema).min(1).max(200),
  numberField: z.literal('licenceNumber'),
  face: faceLayoutSchema,
  /** Base images by name; when an entry is sent by API, their bytes in base64 (JPEG or PNG). */
  baseImages: z.record(z.string().max(60), z.string()),
  seal: z.strictObject({ name: writtenText(120) }),
  /** The repository may seal on the issuer's behalf (C-7.1-4). */
  delegation: z.boolean(),
  /** Persons who review before it is sealed; left out: 1. With 2, no rule stands in for them. */
  reviewers: z.union([z.literal(1), z.literal(2)]).optional(),
  /** `holder`: sealed only by the act of a person who keeps the seal, signed in, upon exactly these contents. */
  sealAct: z.enum(['holder']).optional(),
  /** Its holders are compared with the population or legal-person registry before issue. */
  registryComparison: z.boolean().optional(),
  /** Whoever reads a licence is told while an objection to it is open. Left out: they are. */
  markDisputed: z.boolean().optional(),
  /** May be issued by notification-and-commitment (K-10). */
  commitment: z.boolean(),
  /** Its licences are inspected every year or every few (网络年检, R-37). */
  inspection: inspectionPolicySchema.optional(),
  classified: z.boolean(),
  inForceFrom: z.iso.date(),
  inForceTo: z.iso.date().optional(),
});
export type CatalogueDefinition = z.infer<typeof catalogueDefinitionSchema>;

function isRegularExpression(text: string): boolean {
  try {
    return Boolean(new RegExp(text, 'u'));
  } catch {
    return false;
  }
}
