/** Batch import of licences by sheet: the template of an entry, the sheet handed in, its progress and its answers, scans of paper. */
import { z } from 'zod';
import {
  MOST_IMPORT_BYTES,
  MOST_IMPORT_ROWS,
  MOST_SCAN_BYTES,
  MOST_SCANS_BYTES,
  requireAnswer,
  templateKind,
  writeAnswered,
  writeCsvTemplate,
  writeTemplate,
} from '../../exchange/sheet/index.ts';
import { logAccess } from '../../models/audit/index.ts';
import { findCurrentEntry } from '../../models/catalogue/index.ts';
import {
  addScan,
  attachScan,
  cancelImport,
  getImport,
  getScan,
  IMPORT_KINDS,
  importOrderSchema,
  listImportRows,
  listImports,
  listScans,
  openImport,
  readImport,
  requireImporter,
} from '../../models/import/index.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { writtenText } from '../../models/kernel/written-text.ts';
import { FileAnswer, type Route, route, WrittenAnswer } from '../http/route.ts';
import { importAnswer, importRowAnswer, scanAnswer } from './answers/imports.ts';
import { pageOf } from './answers/page.ts';
import { CSV, SCAN_TYPES, XLSX } from './media-types.ts';
import { pageQuery } from './paging.ts';

const TAG = '批量导入';

const templateRoute = route({
  method: 'get',
  path: '/api/v1/catalogue/:code/sheet-template',
  tag: TAG,
  zh: '下载某目录的批量模板：新发或存量证照、状态变更、数据维护、办结通知（xlsx 含代码表校验、列说明和示例；或 csv）',
  en: 'The sheet of an entry, for licences, for changes of status, for data maintenance or for closing notices: columns, notes, code lists, an example; xlsx or CSV',
  access: 'caller',
  query: z.strictObject({
    format: z.enum(['xlsx', 'csv']).default('xlsx'),
    kind: z.enum(IMPORT_KINDS).default('licence'),
  }),
  answerType: XLSX,
  async run({ house, caller, params, query }) {
    const code = params.code ?? '';
    const entry = await findCurrentEntry(house, code);
    const details = { code: code.slice(0, 40), template: query.format };
    await logAccess(house, caller, { act: 'catalogue.read', outcome: entry ? 'done' : 'refused', details });
    if (!entry) throw new Fault('NOT_FOUND');
    const kind = templateKind(query.kind, entry);
    if (query.format === 'xlsx')
      return new FileAnswer(await writeTemplate(kind, MOST_IMPORT_ROWS), XLSX, kind.fileName);
    return new FileAnswer(writeCsvTemplate(kind), CSV, kind.fileName.replace(/xlsx$/, 'csv'));
  },
});

const answeredRoute = route({
  method: 'get',
  path: '/api/v1/imports/:id/sheet',
  tag: TAG,
  zh: '下载带处理结果和问题列的表（与上传格式相同）',
  en: 'A copy of the sheet with what became of each row, in the format it came in',
  access: 'caller',
  answerType: XLSX,
  async run({ house, caller, params }) {
    const work = await getImport(house, caller, params.id ?? '');
    requireAnswer(work);
    await logAccess(house, caller, { act: 'licence.list', details: { importId: work.id, sheet: true } });
    const xlsx = work.format === 'xlsx';
    const name = `import-${work.id}.${xlsx ? 'xlsx' : 'csv'}`;
    return new WrittenAnswer(xlsx ? XLSX : CSV, name, (to) => writeAnswered(house, work, to));
  },
});

export const importRoutes: Route[] = [
  templateRoute,
  route({
    method: 'post',
    path: '/api/v1/imports',
    tag: TAG,
    zh: '上传表格批量导入证照、变更状态、维护数据或登记办结通知（试算或入库；同一文件重复上传为同一批）',
    en: 'Hand in a sheet of licences, of changes of them or of closing notices, for a dry run or to be applied; the same bytes for the same purpose are the same import',
    answer: importAnswer,
    access: 'caller',
    query: importOrderSchema,
    upload: {
      mostBytes: MOST_IMPORT_BYTES,
      admit: async ({ caller }) => void requireImporter(caller),
      nameOf: ({ name }) => name,
    },
    status: 202,
    idempotent: true,
    run: ({ house, caller, query, received, remember }) => openImport(house, caller, query, received, remember),
  }),
  route({
    method: 'get',
    path: '/api/v1/imports',
    tag: TAG,
    zh: '本单位的导入批次',
    en: 'The department’s own imports, newest first',
    answer: pageOf(importAnswer),
    access: 'caller',
    query: pageQuery,
    run: ({ house, caller, query }) => listImports(house, caller, query),
  }),
  route({
    method: 'get',
    path: '/api/v1/imports/:id',
    tag: TAG,
    zh: '导入进度',
    en: 'How an import stands',
    answer: importAnswer,
    access: 'caller',
    run: ({ house, caller, params }) => readImport(house, caller, params.id ?? ''),
  }),
  route({
    method: 'get',
    path: '/api/v1/imports/:id/rows',
    tag: TAG,
    zh: '各行的处理结果和问题',
    en: 'What became of each row, with all its faults by row and heading',
    answer: pageOf(importRowAnswer),
    access: 'caller',
    query: pageQuery.extend({ outcome: z.enum(['accepted', 'there', 'refused']).optional() }),
    run: ({ house, caller, params, query }) => listImportRows(house, caller, params.id ?? '', query),
  }),
  answeredRoute,
  route({
    method: 'post',
    path: '/api/v1/imports/:id/cancel',
    tag: TAG,
    zh: '停止导入（已入库的不撤回）',
    en: 'Stop an import; what was stored of it stays',
    answer: importAnswer,
    access: 'caller',
    body: z.strictObject({}),
    idempotent: true,
    run: ({ house, caller, params, remember }) => cancelImport(house, caller, params.id ?? '', remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/imports/:id/scans',
    tag: TAG,
    zh: '上传存量证照的扫描件（单件，或 ZIP 多件；文件名为证照编号）',
    en: 'Scans of the paper of stock licences, one or a ZIP of many, named by licence number',
    answer: scanAnswer,
    access: 'caller',
    query: z.strictObject({ name: writtenText(200) }),
    upload: {
      mostBytes: MOST_SCANS_BYTES,
      async admit({ house, caller, params }) {
        requireImporter(caller);
        await getImport(house, caller, params.id ?? '');
      },
      nameOf: ({ name }) => name,
    },
    status: 202,
    idempotent: true,
    run: ({ house, caller, params, received, remember }) => addScan(house, caller, params.id ?? '', received, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/licences/:id/scans',
    tag: TAG,
    zh: '上传一件存量证照的扫描件（PDF、JPEG、PNG、OFD）',
    en: 'A scan of the paper of one stock licence',
    answer: scanAnswer,
    access: 'caller',
    query: z.strictObject({ name: writtenText(200) }),
    fileBytes: MOST_SCAN_BYTES,
    status: 201,
    idempotent: true,
    run: ({ house, caller, params, query, file, remember }) =>
      attachScan(house, caller, params.id ?? '', { name: query.name, bytes: file }, remember),
  }),
  route({
    method: 'get',
    path: '/api/v1/licences/:id/scans',
    tag: TAG,
    zh: '证照的扫描件列表',
    en: 'The scans of a licence’s paper',
    answer: z.strictObject({ items: z.array(scanAnswer).readonly() }),
    access: 'caller',
    run: async ({ house, caller, params }) => ({ items: await listScans(house, caller, params.id ?? '') }),
  }),
  route({
    method: 'get',
    path: '/api/v1/licences/:id/scans/:scanId',
    tag: TAG,
    zh: '下载扫描件',
    en: 'One scan',
    access: 'caller',
    answerType: 'application/octet-stream',
    async run({ house, caller, params }) {
      const { bytes, format, digest } = await getScan(house, caller, params.id ?? '', params.scanId ?? '');
      const type = SCAN_TYPES[format as keyof typeof SCAN_TYPES];
      return new FileAnswer(bytes, type, `${digest.slice(0, 16)}.${format}`);
    },
  }),
];
