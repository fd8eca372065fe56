/** The sheet of a catalogue entry: what its licences are made of, as columns. The same entry makes the template and reads
 *  what comes back. */
import type { CatalogueColumns, CatalogueDefinition, FieldDefinition } from '../../models/catalogue/index.ts';
import { socialCreditCheckCharacter } from '../../models/identifier/index.ts';
import { Fault } from '../../models/kernel/fault.ts';
import type { SheetColumn, SheetKind } from './sheet-kind.ts';

/** More holders than this are submitted singly. */
const NTH = ['', '二', '三'];
const HOLDER_TYPES = { 法人: 'legal', 自然人: 'natural' } as const;
const YES_NO = { 是: true, 否: false };
const SUCCESSIONS = { 延续: 'renew', 变更: 'amend', 补证: 'replace' };

/** Of a new version: the licence whose place it takes, and why. */
const SUCCESSION: readonly SheetColumn[] = [
  {
    ...{ pointer: '/succeeds/identifier', heading: '原证照标识', required: false, width: 40, judgedLater: true },
    hint: '延续、变更、补证的必填：被替换证照的证照标识；其他为空',
  },
  {
    ...{ pointer: '/succeeds/act', heading: '延续变更补证', required: false, width: 12, codes: SUCCESSIONS },
    hint: '填写原证照标识的必填',
  },
  {
    ...{ pointer: '/succeeds/reason', heading: '延续变更补证原因', required: false, width: 30, judgedLater: true },
    hint: '填写原证照标识的必填，1000字以内',
  },
  {
    ...{ pointer: '/succeeds/legalBasis', heading: '延续变更补证依据', required: false, width: 30, judgedLater: true },
    hint: '可空，500字以内',
  },
];

/** Invented, of an area that does not exist, with right check characters. */
const EXAMPLE_BODY = `91419900MA0000001${socialCreditCheckCharacter('91419900MA0000001')}`;
const EXAMPLE_PERSON = '990101199001010019';

/** Throws `IMPORT_NEEDS_PICTURES` for an entry that asks for pictures, which no cell holds. */
export function licenceKind({
  definition,
  code,
  version,
}: Pick<CatalogueColumns, 'definition' | 'code' | 'version'>): SheetKind {
  const pictures = definition.fields.filter(({ type, required }) => type === 'image' && required);
  if (pictures.length > 0)
    throw new Fault('IMPORT_NEEDS_PICTURES', { detail: pictures.map(({ name }) => name).join('、') });
  const fields = definition.fields
    .filter(({ type }) => type !== 'image')
    .map((field) => fieldColumn(definition, field));
  const columns = [...holderColumns(definition), ...fields, ...commonColumns(definition), ...SUCCESSION];
  return {
    name: definition.name.slice(0, 31),
    fileName: `${code}-v${version}.xlsx`,
    columns: withOwnHeadings(columns),
  };
}

/** What comes back in the copy that names the faults, and is not read again. */
export const ANSWER_HEADINGS = { outcome: '处理结果', faults: '问题' } as const;

/** The columns by which an import is read: those of the template, and of the answered copy, which may be mended and handed in. */
export function withAnswers(kind: SheetKind): SheetKind {
  const answers = Object.values(ANSWER_HEADINGS).map((heading): SheetColumn => {
    const common = { required: false, hint: '', width: 40 };
    return { ...common, pointer: '', heading, ignored: true };
  });
  return { ...kind, columns: [...kind.columns, ...answers] };
}

function holderColumns({ holderType }: CatalogueDefinition): SheetColumn[] {
  const legal = holderType !== 'natural';
  const common = { judgedLater: true };
  return NTH.flatMap((nth, index): SheetColumn[] => {
    const at = `/holders/${index}`;
    const required = index === 0;
    const example = (text: string) => (required ? { example: text } : {});
    const type = { pointer: `${at}/type`, heading: `持证主体${nth}类型`, required, hint: '从列表中选择', width: 14 };
    return [
      {
        ...{ pointer: `${at}/name`, heading: `持证主体${nth}名称`, required, width: 30, ...common },
        ...{ hint: required ? '全称，200字以内' : '有多个持证主体时填写' },
        ...example(legal ? '样例建设有限公司' : '张样例'),
      },
      ...(holderType === 'both' ? [{ ...type, codes: HOLDER_TYPES, ...example('法人') }] : []),
      {
        ...{ pointer: `${at}/number`, heading: `持证主体${nth}代码`, required, width: 24, ...common },
        ...{ hint: legal ? '统一社会信用代码' : '公民身份号码' },
        ...example(legal ? EXAMPLE_BODY : EXAMPLE_PERSON),
      },
      {
        ...{ pointer: `${at}/numberType`, heading: `持证主体${nth}代码类型`, required: false, width: 14, ...common },
        hint: '空为001（法人）或111（自然人）',
      },
    ];
  });
}

export function fieldColumn(definition: CatalogueDefinition, field: FieldDefinition): SheetColumn {
  const isNumber = field.key === definition.numberField;
  const { example: number, template, pattern } = definition.numberFormat;
  const required = field.required && !(isNumber && template);
  const hints = [
    isNumber && template ? '新发可空，由系统编号；存量必填' : required ? '必填' : '可空',
    { text: '', date: '日期，如2026-03-01', integer: '整数', decimal: '数值', code: '从列表中选择', image: '' }[
      field.type
    ],
    field.maxLength ? `${field.maxLength}字以内` : '',
    isNumber ? `格式 ${pattern}，如 ${number}` : field.pattern ? `格式 ${field.pattern}` : '',
  ];
  return {
    ...{ pointer: `/fields/${field.key}`, heading: field.name, required, judgedLater: true },
    ...{
      hint: hints.filter(Boolean).join('；'),
      width: widthOf(field),
      example: exampleOf(field, isNumber ? number : ''),
    },
    ...(field.type === 'code' ? codesOf(field) : {}),
    ...(field.type === 'date' ? { normalise: toDate } : {}),
  };
}

function widthOf({ type, maxLength = 40 }: FieldDefinition): number {
  return type === 'text' ? Math.min(Math.max(maxLength, 14), 40) : 16;
}

function exampleOf({ type, codes, required }: FieldDefinition, number: string): string {
  if (number) return number;
  if (!required) return '';
  switch (type) {
    case 'date':
      return '2026-03-01';
    case 'integer':
      return '1';
    case 'decimal':
      return '1.5';
    case 'code':
      return codes?.[0]?.name ?? '';
    default:
      return '样例';
  }
}

/** Names are offered, codes are understood too; a name that stands for several codes is offered with its code. */
function codesOf({ codes = [] }: FieldDefinition): Pick<SheetColumn, 'codes' | 'choices'> {
  const named = codes.map(({ code, name }) => {
    const single = codes.filter((one) => one.name === name).length === 1;
    return { code, word: single ? name : `${code} ${name}` };
  });
  const words = named.map(({ code, word }) => [word, code] as const);
  const plain = codes.map(({ code }) => [code, code] as const);
  return { codes: Object.fromEntries([...plain, ...words]), choices: named.map(({ word }) => word) };
}

function commonColumns({ validity, commitment }: CatalogueDefinition): SheetColumn[] {
  const date = (pointer: string, heading: string, required: boolean, hint: string, example = ''): SheetColumn => ({
    ...{ pointer, heading, required, hint, width: 16, judgedLater: true, normalise: toDate, example },
  });
  const stated = validity.kind === 'stated';
  return [
    ...(validity.kind === 'permanent'
      ? []
      : [
          date('/validFrom', '有效期起', false, '空为签发日期'),
          date('/validTo', '有效期止', stated, stated ? '必填' : '空则按目录规则计算', stated ? '2031-02-28' : ''),
        ]),
    date('/issuedOn', '签发日期', false, '仅存量证照填写，且必填：纸质证照的签发日期'),
    {
      ...{
        pointer: '/caseNumber',
        heading: '办件编号',
        required: false,
        hint: '有办件的必填；线下办理的必填',
        width: 22,
        judgedLater: true,
      },
    },
    {
      ...{ pointer: '/closedAt', heading: '办结时间', required: false, width: 20, judgedLater: true },
      ...{ hint: '线下办理的必填，如2026-03-01 10:00，北京时间', normalise: toInstant },
    },
    ...(commitment
      ? [{ pointer: '/commitment', heading: '告知承诺', required: false, hint: '空为否', codes: YES_NO, width: 12 }]
      : []),
  ];
}

/** A field may be called like another column: then its key stands beside it. */
export function withOwnHeadings(columns: readonly SheetColumn[]): SheetColumn[] {
  const seen = new Set<string>();
  return columns.map((column) => {
    const key = column.pointer.split('/').at(-1) ?? '';
    const heading = seen.has(column.heading) ? `${column.heading}（${key}）` : column.heading;
    seen.add(heading);
    return { ...column, heading };
  });
}

/** 2026-3-1, 2026/3/1, 2026.3.1, 2026年3月1日 and 20260301 as 2026-03-01; anything else stays and is judged. */
export function toDate(text: string): string {
  const found =
    /^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+00:00(?::00)?)?$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (!found) return text;
  const [, year = '', month = '', day = ''] = found;
  return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/** A time without a zone is Beijing time; a date alone is its beginning. */
export function toInstant(text: string): string {
  const [, date = '', time = '00:00', seconds = ':00'] =
    /^(\S+?日?)(?:[ T]+(\d{1,2}:\d{2})(:\d{2})?(?:\.\d+)?)?$/.exec(text) ?? [];
  const day = toDate(date);
  return /^\d{4}-\d\d-\d\d$/.test(day) ? `${day}T${time.padStart(5, '0')}${seconds}+08:00` : text;
}
