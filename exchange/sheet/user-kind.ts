/** The sheet of people who sign in. Passwords do not stand in it: they are made and handed back. */
import { ROLE_NAMES, ROLES } from '../../models/account/index.ts';
import type { SheetColumn, SheetKind } from './sheet-kind.ts';

/** A holder is bound to a person's record, not to a row of a sheet. */
const CODES = Object.fromEntries(ROLES.filter((role) => role !== 'holder').map((role) => [ROLE_NAMES[role], role]));

const roles = ['一', '二', '三'].map(
  (nth, index): SheetColumn => ({
    pointer: `/roles/${index}`,
    heading: `角色${nth}`,
    required: index === 0,
    hint: index === 0 ? '从列表中选择；管理员和审计角色不与其他角色兼任' : '可不填',
    codes: CODES,
    width: 16,
  }),
);

export const userKind: SheetKind = {
  name: '用户',
  fileName: 'users.xlsx',
  columns: [
    {
      pointer: '/loginName',
      heading: '登录名',
      required: true,
      hint: '小写字母开头，3至60位；已有的登录名不改动',
      width: 22,
    },
    { pointer: '/displayName', heading: '姓名', required: true, hint: '60字以内', width: 16 },
    {
      pointer: '/organisationCode',
      heading: '所属单位代码',
      required: false,
      hint: '签发和应用角色必填，单位须已登记',
      width: 24,
    },
    ...roles,
  ],
};
