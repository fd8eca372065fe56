/** Sheets that are handed out, filled in and handed back: bodies and people, many at once. */
import {
  importOrganisations,
  importUsers,
  MOST_BYTES,
  organisationKind,
  type SheetKind,
  userKind,
  writeTemplate,
} from '../../exchange/sheet/index.ts';
import { FileAnswer, type Route, route } from '../http/route.ts';
import { XLSX } from './media-types.ts';

const template = (kind: SheetKind, path: string, tag: string, en: string): Route =>
  route({
    method: 'get',
    path,
    tag,
    zh: `下载${kind.name}批量导入模板（xlsx）`,
    en,
    access: 'caller',
    answerType: XLSX,
    run: async () => new FileAnswer(await writeTemplate(kind), XLSX, kind.fileName),
  });

export const sheetRoutes: Route[] = [
  template(organisationKind, '/api/v1/organisations/sheet', '单位', 'The template for registering bodies by sheet'),
  route({
    method: 'post',
    path: '/api/v1/organisations/sheet',
    tag: '单位',
    zh: '按表批量登记或更新单位（xlsx 或 csv，全部正确才入库）',
    en: 'Register or update bodies by sheet (xlsx or CSV): all rows or none, every fault by row and heading',
    access: 'caller',
    fileBytes: MOST_BYTES,
    status: 201,
    idempotent: true,
    run: ({ house, caller, file, remember }) => importOrganisations(house, caller, file, remember),
  }),
  template(userKind, '/api/v1/users/sheet', '账号', 'The template for adding people by sheet'),
  route({
    method: 'post',
    path: '/api/v1/users/sheet',
    tag: '账号',
    zh: '按表批量新增人员账号，返回含初始口令的结果表（仅此一次）',
    en: 'Add people by sheet (xlsx or CSV); the answer is a sheet with the initial passwords, shown this once',
    access: 'caller',
    fileBytes: MOST_BYTES,
    answerType: XLSX,
    status: 201,
    async run({ house, caller, file }) {
      const { added, leftAlone, sheet } = await importUsers(house, caller, file);
      const counts = { 'X-Added': String(added), 'X-Left-Alone': String(leftAlone) };
      return new FileAnswer(sheet, XLSX, 'users-result.xlsx', counts);
    },
  }),
];
