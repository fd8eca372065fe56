/** The sheet of departments and bodies (R-01, R-02, M-28). */
import type { SheetColumn, SheetKind } from './sheet-kind.ts';

const YES_NO = { 是: true, 否: false };
const LEVELS = { 国家级: 'national', 省级: 'province', 市级: 'city', 县级: 'county' };

/** Those responsible: three places; more are named singly. */
const people = ['一', '二', '三'].flatMap((nth, index): SheetColumn[] => [
  { pointer: `/persons/${index}/name`, heading: `责任人${nth}姓名`, required: false, hint: '依次填写', width: 14 },
  { pointer: `/persons/${index}/duty`, heading: `责任人${nth}职责`, required: false, hint: '有姓名即必填', width: 16 },
  { pointer: `/persons/${index}/phone`, heading: `责任人${nth}电话`, required: false, hint: '加密保存', width: 16 },
]);

export const organisationKind: SheetKind = {
  name: '单位',
  fileName: 'organisations.xlsx',
  columns: [
    { pointer: '/code', heading: '统一社会信用代码', required: true, hint: '18位；已登记的单位按本行更新', width: 24 },
    { pointer: '/name', heading: '单位名称', required: true, hint: '全称，120字以内', width: 36 },
    { pointer: '/level', heading: '层级', required: true, hint: '从列表中选择', codes: LEVELS, width: 10 },
    { pointer: '/isIssuer', heading: '证照签发单位', required: false, hint: '空为否', codes: YES_NO, width: 14 },
    { pointer: '/isConsumer', heading: '证照应用单位', required: false, hint: '空为否', codes: YES_NO, width: 14 },
    { pointer: '/responsibleBody', heading: '负责机构', required: false, hint: '与责任人齐备后单位方启用', width: 24 },
    ...people,
  ],
};
