/** The fill page (填报页面) of a catalogue entry as JSON Schema 2020-12: what `POST /api/v1/licences` takes for it. */
import type { CatalogueDefinition, FieldDefinition } from '../../models/catalogue/index.ts';

type Json = Readonly<Record<string, unknown>>;

export interface FormSource {
  readonly code: string;
  readonly version: number;
  readonly name: string;
  readonly definition: CatalogueDefinition;
}

export function toFormSchema({ code, version, name, definition }: FormSource): Json {
  const fields = definition.fields.map((field) => [field.key, fieldSchema(field, definition)]);
  const required = definition.fields
    .filter((field) => field.required && !isNumbered(field, definition))
    .map(({ key }) => key);
  const types = definition.holderType === 'both' ? ['natural', 'legal'] : [definition.holderType];
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: name,
    type: 'object',
    additionalProperties: false,
    required: ['catalogueCode', 'holders', 'fields', ...(definition.validity.kind === 'stated' ? ['validTo'] : [])],
    properties: {
      catalogueCode: { const: code, description: `目录版本 ${version}` },
      holders: {
        title: '持证主体',
        type: 'array',
        minItems: 1,
        items: {
          type: 'object',
          required: ['name', 'type', 'number'],
          properties: {
            name: { title: '名称', type: 'string', maxLength: 200 },
            type: { title: '类型', enum: types },
            number: { title: '证件号码', type: 'string', maxLength: 64 },
          },
        },
      },
      fields: {
        title: '照面信息',
        type: 'object',
        additionalProperties: false,
        required,
        properties: Object.fromEntries(fields),
      },
      validFrom: { title: '有效期起', type: 'string', format: 'date' },
      validTo: { title: '有效期止', type: 'string', format: 'date' },
      caseNumber: { title: '办件编号', type: 'string', maxLength: 64 },
      closedAt: { title: '办结时间', type: 'string', format: 'date-time' },
      ...(definition.commitment ? { commitment: { title: '告知承诺', type: 'boolean' } } : {}),
    },
  };
}

export function isNumbered(field: FieldDefinition, definition: CatalogueDefinition): boolean {
  return field.key === definition.numberField && definition.numberFormat.template !== undefined;
}

function fieldSchema(field: FieldDefinition, definition: CatalogueDefinition): Json {
  const common = { title: field.name, type: 'string' };
  switch (field.type) {
    case 'date':
      return { ...common, format: 'date' };
    case 'code':
      return { title: field.name, oneOf: (field.codes ?? []).map(({ code, name }) => ({ const: code, title: name })) };
    case 'image':
      return { ...common, contentEncoding: 'base64', contentMediaType: 'image/png, image/jpeg' };
    case 'text':
    case 'integer':
    case 'decimal': {
      const pattern = field.key === definition.numberField ? definition.numberFormat.pattern : field.pattern;
      return { ...common, ...(field.maxLength ? { maxLength: field.maxLength } : {}), ...(pattern ? { pattern } : {}) };
    }
  }
}
