/** How the form of a catalogue entry is shown, beside its JSON Schema: order, groups, widgets, help. The words are those of common form
 *  renderers (`ui:order`, `ui:widget`, `ui:help` …), so that one may draw it as it is. */
import type { CatalogueDefinition, FieldDefinition } from '../../models/catalogue/index.ts';
import { isNumbered } from './form-schema.ts';

type Json = Readonly<Record<string, unknown>>;

/** Characters from which a field gets several lines. */
const LONG = 100;

export function toUiSchema(definition: CatalogueDefinition): Json {
  const { validity } = definition;
  const dated = ['validFrom', ...(validity.kind === 'permanent' ? [] : ['validTo'])];
  return {
    'ui:order': [
      'catalogueCode',
      'holders',
      'fields',
      ...dated,
      'caseNumber',
      'closedAt',
      'commitment',
      'stock',
      'succeeds',
    ],
    'ui:groups': [
      { title: '持证主体', properties: ['holders'] },
      { title: '照面信息', properties: ['fields'] },
      { title: '有效期与办件', properties: [...dated, 'caseNumber', ...(definition.commitment ? ['commitment'] : [])] },
      { title: '存量证照', properties: ['stock'], help: '只在把以前发出的纸质证照数字化时填写' },
      { title: '换发新版', properties: ['succeeds'], help: '只在延续、变更、补证时填写' },
    ],
    catalogueCode: { 'ui:widget': 'hidden' },
    closedAt: { 'ui:widget': 'hidden' },
    holders: { 'ui:help': '多个持证主体按证照上的次序填写' },
    fields: {
      'ui:order': definition.fields.map(({ key }) => key),
      ...Object.fromEntries(definition.fields.map((field) => [field.key, hintsOf(field, definition)])),
    },
    validFrom: { 'ui:widget': 'date', 'ui:help': '不填为发证之日' },
    ...(validity.kind === 'permanent' ? {} : { validTo: { 'ui:widget': 'date', 'ui:help': endOf(validity) } }),
    commitment: { 'ui:widget': 'checkbox' },
    stock: { issuedOn: { 'ui:widget': 'date' } },
    succeeds: { act: { 'ui:widget': 'select' }, reason: { 'ui:widget': 'textarea' } },
  };
}

function endOf(validity: CatalogueDefinition['validity']): string {
  return validity.kind === 'fixed' ? `不填为 ${validity.years} 年` : '必须填写';
}

function hintsOf(field: FieldDefinition, definition: CatalogueDefinition): Json {
  const { example } = definition.numberFormat;
  if (isNumbered(field, definition))
    return { 'ui:widget': 'text', 'ui:made': 'repository', 'ui:placeholder': example, 'ui:help': '不填由证库编号' };
  if (field.key === definition.numberField) return { 'ui:widget': 'text', 'ui:placeholder': example };
  switch (field.type) {
    case 'image':
      return { 'ui:widget': 'file', 'ui:accept': 'image/png,image/jpeg', 'ui:help': 'PNG 或 JPEG，至多 3 MB' };
    case 'code':
      return { 'ui:widget': 'select' };
    case 'date':
      return { 'ui:widget': 'date' };
    case 'integer':
      return { 'ui:widget': 'text', 'ui:inputmode': 'numeric', 'ui:help': '整数' };
    case 'decimal':
      return { 'ui:widget': 'text', 'ui:inputmode': 'decimal', 'ui:help': '数，至多 6 位小数' };
    case 'text':
      return { 'ui:widget': (field.maxLength ?? 0) > LONG ? 'textarea' : 'text', ...lengthHelp(field) };
  }
}

const lengthHelp = ({ maxLength }: FieldDefinition) => (maxLength ? { 'ui:help': `至多 ${maxLength} 字` } : {});
