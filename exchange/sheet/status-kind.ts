/** The sheets of the management service (R-41, C-5(2)): changes of status of licences that stand, and data of theirs that no face shows.
 *  A row names its licence by identifier, or by number within the type. */
import type { CatalogueColumns } from '../../models/catalogue/index.ts';
import { MOVES, STATUS_ACTS } from '../../models/licence/index.ts';
import { fieldColumn, toInstant, withOwnHeadings } from './licence-kind.ts';
import type { SheetColumn, SheetKind } from './sheet-kind.ts';

type Entry = Pick<CatalogueColumns, 'definition' | 'code' | 'version'>;

const ACTS = Object.fromEntries(STATUS_ACTS.map((act) => [MOVES[act].zh, act]));
const written = { required: false, judgedLater: true };

const identity = (example: string): SheetColumn[] => [
  { ...written, pointer: '/identifier', heading: '证照标识', hint: '与证照编号至少填一项', width: 40 },
  { ...written, pointer: '/licenceNumber', heading: '证照编号', hint: '与证照标识至少填一项', width: 24, example },
];

const grounds: readonly SheetColumn[] = [
  { ...written, pointer: '/legalBasis', heading: '法律依据', hint: '对持证主体不利的操作必填', width: 36 },
  { ...written, pointer: '/reason', heading: '原因', required: true, hint: '必填', width: 36, example: '样例' },
];

/** 证照标识或证照编号, 操作, 法律依据, 原因, 生效时间. */
export function statusKind({ definition, code }: Entry): SheetKind {
  return {
    name: `${definition.name.slice(0, 25)}状态变更`,
    fileName: `${code}-status.xlsx`,
    columns: [
      ...identity(definition.numberFormat.example),
      {
        ...{ pointer: '/act', heading: '操作', required: true, hint: '从列表中选择', codes: ACTS, width: 10 },
        example: MOVES.suspend.zh,
      },
      ...grounds,
      {
        ...{ ...written, pointer: '/effectiveAt', heading: '生效时间', normalise: toInstant, width: 20 },
        hint: '空为办理时；如2026-03-01 10:00，北京时间，至多一年后',
      },
    ],
  };
}

/** The fields of the entry but the number, the case and its closing; what is left empty is not touched. */
export function dataKind({ definition, code }: Entry): SheetKind {
  const fields = definition.fields
    .filter(({ type, key }) => type !== 'image' && key !== definition.numberField)
    .map((field): SheetColumn => {
      const { example: _, ...column } = fieldColumn(definition, { ...field, required: false });
      return { ...column, hint: `空为不变；${column.hint}` };
    });
  return {
    name: `${definition.name.slice(0, 25)}数据维护`,
    fileName: `${code}-data.xlsx`,
    columns: withOwnHeadings([
      ...identity(definition.numberFormat.example),
      ...fields,
      { ...written, pointer: '/caseNumber', heading: '办件编号', hint: '空为不变', width: 22 },
      {
        ...{ ...written, pointer: '/closedAt', heading: '办结时间', normalise: toInstant, width: 20 },
        hint: '空为不变；如2026-03-01 10:00，北京时间',
      },
      ...grounds,
    ]),
  };
}
