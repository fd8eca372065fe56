/** The fill page (填报页面) of a catalogue entry as JSON Schema 2020-12: what `POST /api/v1/licences` takes for it. Whatever the lint
 *  refuses for its form (presence, type, length, pattern, code list) the schema refuses too. How it is shown: ui-schema.ts. */
import type { CatalogueDefinition, FieldDefinition } from '../../models/catalogue/index.ts';
import { longestNumber, longestValue } from '../../models/catalogue/index.ts';
import { MOVES, SUCCESSION_ACTS } from '../../models/licence/index.ts';

type Json = Readonly<Record<string, unknown>>;

export interface FormSource {
  readonly code: string;
  readonly version: number;
  readonly name: string;
  readonly definition: CatalogueDefinition;
}

/** No invisible characters but the line feed, and something to be seen. */
const PLAIN = '^[^\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}]*(?:\\n[^\\p{Cc}\\p{Cf}\\p{Co}\\p{Cs}]*)*$';
const SOMETHING = '\\S';
const text = (title: string, maxLength: number) => ({
  ...{ title, type: 'string', minLength: 1, maxLength, allOf: [{ pattern: PLAIN }, { pattern: SOMETHING }] },
});
const date = (title: string) => ({ title, type: 'string', format: 'date', pattern: '^\\d{4}-\\d{2}-\\d{2}$' });

export function toFormSchema({ code, version, name, definition }: FormSource): Json {
  const { validity } = definition;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: name,
    type: 'object',
    additionalProperties: false,
    required: ['catalogueCode', 'holders', 'fields', ...(validity.kind === 'stated' ? ['validTo'] : [])],
    properties: {
      catalogueCode: { const: code, description: `目录版本 ${version}` },
      holders: { title: '持证主体', type: 'array', minItems: 1, maxItems: 50, items: holderSchema(definition) },
      fields: fieldsSchema(definition),
      validFrom: date('有效期起'),
      ...(validity.kind === 'permanent' ? {} : { validTo: date('有效期止') }),
      caseNumber: text('办件编号', 64),
      closedAt: { title: '办结时间', type: 'string', format: 'date-time' },
      ...(definition.commitment ? { commitment: { title: '以告知承诺方式办理', type: 'boolean' } } : {}),
      stock: {
        title: '存量证照',
        type: 'object',
        additionalProperties: false,
        required: ['issuedOn'],
        properties: { issuedOn: date('原发证日期'), paperNumber: text('纸质证照印刷编号', 120) },
      },
      succeeds: successionSchema(),
    },
    ...numberOfStock(definition),
  };
}

function successionSchema(): Json {
  return {
    title: '换发新版',
    type: 'object',
    additionalProperties: false,
    required: ['identifier', 'act', 'reason'],
    properties: {
      identifier: text('原证照标识', 190),
      act: { title: '事项', oneOf: SUCCESSION_ACTS.map((act) => ({ const: act, title: MOVES[act].zh })) },
      legalBasis: text('依据', 500),
      reason: text('理由', 1000),
    },
  };
}

/** One that was issued on paper keeps its number, so that it is stated also where the repository makes numbers. */
function numberOfStock({ numberField, numberFormat }: CatalogueDefinition): Json {
  if (numberFormat.template === undefined) return {};
  const fields = { type: 'object', properties: { [numberField]: {} }, required: [numberField] };
  return { dependentSchemas: { stock: { type: 'object', properties: { fields } } } };
}

function holderSchema({ holderType }: CatalogueDefinition): Json {
  const types = holderType === 'both' ? ['natural', 'legal'] : [holderType];
  return {
    type: 'object',
    additionalProperties: false,
    required: ['name', 'type', 'number'],
    properties: {
      name: text('名称', 200),
      type: { title: '类型', enum: types },
      number: { title: '证件号码', type: 'string', minLength: 1, maxLength: 64 },
      numberType: { title: '证件类型（GB/T 36903 附录 A）', type: 'string', pattern: '^\\d{3}$' },
    },
  };
}

function fieldsSchema(definition: CatalogueDefinition): Json {
  return {
    title: '照面信息',
    type: 'object',
    additionalProperties: false,
    required: definition.fields
      .filter((field) => field.required && !isNumbered(field, definition))
      .map(({ key }) => key),
    properties: Object.fromEntries(definition.fields.map((field) => [field.key, fieldSchema(field, definition)])),
  };
}

/** The repository makes it where it is left out. */
export function isNumbered(field: FieldDefinition, definition: CatalogueDefinition): boolean {
  return field.key === definition.numberField && definition.numberFormat.template !== undefined;
}

const MOST_PICTURE_BASE64 = 4_000_000;
const BASE64 = '^[A-Za-z0-9+/]+={0,2}$';
const INTEGER = '^-?\\d{1,18}$';
const DECIMAL = '^-?\\d{1,18}(?:\\.\\d{1,6})?$';

function fieldSchema(field: FieldDefinition, definition: CatalogueDefinition): Json {
  const title = field.name;
  if (field.type === 'code')
    return { title, oneOf: (field.codes ?? []).map(({ code, name }) => ({ const: code, title: name })) };
  if (field.type === 'image') {
    const encoding = { contentEncoding: 'base64', contentMediaType: 'image/png, image/jpeg' };
    return { title, type: 'string', pattern: BASE64, maxLength: MOST_PICTURE_BASE64, ...encoding };
  }
  const isNumber = field.key === definition.numberField;
  const most = isNumber ? longestNumber(definition) : longestValue(field);
  const patterns = [
    ...(isNumber ? [definition.numberFormat.pattern] : []),
    ...(field.pattern ? [field.pattern] : []),
    ...(field.type === 'integer' ? [INTEGER] : field.type === 'decimal' ? [DECIMAL] : []),
  ];
  const { allOf, ...common } = text(title, most);
  const whole = { ...common, allOf: [...allOf, ...patterns.map((pattern) => ({ pattern }))] };
  return field.type === 'date' ? { ...whole, format: 'date' } : whole;
}
