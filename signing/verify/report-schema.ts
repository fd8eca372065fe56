/** The JSON Schema (2020-12) of the report, made from the closed tables of names, codes and outcomes. */
import { CHECK_CODES, CHECK_NAMES, sentenceOf } from './check-words.ts';
import { VERDICTS } from './conclude.ts';
import { OUTCOMES } from './report.ts';

type Json = Readonly<Record<string, unknown>>;

const text = (description?: string): Json => ({ type: 'string', ...(description ? { description } : {}) });
const instant: Json = { type: 'string', format: 'date-time' };
const perhaps = (schema: Json): Json => ({ anyOf: [schema, { type: 'null' }] });
const listOf = (items: Json): Json => ({ type: 'array', items });

/** A closed object: every property named here, those not `optional` always there. */
function object(properties: Readonly<Record<string, Json>>, optional: readonly string[] = []): Json {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return { type: 'object', additionalProperties: false, required, properties };
}

const sentence = object({ zh: text(), en: text() });

function checkSchema(): Json {
  const code = { oneOf: CHECK_CODES.map((known) => ({ const: known, description: sentenceOf(known).en })) };
  const names = { enum: CHECK_NAMES };
  const where = text('Which file of the package, which signature, which revision');
  return {
    ...object({ name: names, outcome: { enum: OUTCOMES }, code, where, zh: text(), en: text() }, ['code', 'where']),
    description: 'A code is there unless the check passed',
    oneOf: [
      { properties: { outcome: { const: 'passed' } }, not: { required: ['code'] } },
      { properties: { outcome: { not: { const: 'passed' } } }, required: ['code'] },
    ],
  };
}

const certificateSchema = object({
  subject: text('Without personal numbers'),
  issuer: text(),
  serial: { type: 'string', pattern: '^-?[0-9a-f]+$' },
  validFrom: instant,
  validTo: instant,
  key: { enum: ['SM2', 'RSA', 'EC', 'other'] },
  bits: { type: ['integer', 'null'] },
});

const sealSchema = object({ name: text(), maker: text(), validFrom: instant, validTo: instant });

const signatureSchema = object({
  where: text('The `where` of its checks'),
  kind: { enum: ['seal', 'signature', 'time-stamp'] },
  seal: perhaps(sealSchema),
  claimedAt: perhaps(instant),
  provenAt: perhaps(instant),
  digestAlgorithm: { type: ['string', 'null'] },
  signatureAlgorithm: { type: ['string', 'null'] },
  certificate: perhaps({ $ref: '#/$defs/certificate' }),
  chain: listOf({ $ref: '#/$defs/certificate' }),
  covers: object({
    unit: { enum: ['files', 'bytes'] },
    count: { type: 'integer', minimum: 0 },
    whole: { type: 'boolean' },
  }),
});

export const REPORT_SCHEMA_ID = 'urn:zhengku:schema:verification-report:1';

export function reportSchema(): Json {
  const properties = {
    file: text('As it was handed in'),
    reportVersion: { const: 1 },
    format: { enum: ['ofd', 'pdf', 'unknown'] },
    signed: { type: 'boolean' },
    valid: {
      type: 'boolean',
      description: 'False when any check failed, the file is unsigned, or trusted is false',
    },
    trusted: { type: ['boolean', 'null'], description: 'Null when no trust anchors were given' },
    verdict: { enum: VERDICTS },
    reason: sentence,
    checks: listOf({ $ref: '#/$defs/check' }),
    signatures: listOf({ $ref: '#/$defs/signature' }),
    sm3: { type: ['string', 'null'], pattern: '^[0-9a-f]{64}$' },
    bytes: { type: 'integer', minimum: 0 },
    judgedAt: instant,
    rules: object({ name: text(), version: { type: 'integer', minimum: 1 } }),
    identifier: { type: ['string', 'null'], description: 'The licence of the repository whose original this is' },
  };
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: REPORT_SCHEMA_ID,
    title: 'Verification report (验证报告)',
    ...object(properties, ['file', 'identifier']),
    $defs: { check: checkSchema(), certificate: certificateSchema, signature: signatureSchema },
  };
}
