/** Archive batches of issued and used licences, and prints. */
import { z } from 'zod';
import {
  archiveOrderSchema,
  downloadVolume,
  listArchives,
  listLicenceArchives,
  listVolumes,
  openArchive,
  readArchive,
} from '../../models/archive/index.ts';
import { getPrint, printLicence, printSchema, printShared, printSharedSchema } from '../../models/print/index.ts';
import { FileAnswer, type Route, route } from '../http/route.ts';
import { archiveAnswer, archiveVolumeAnswer, licenceArchiveAnswer, printAnswer } from './answers/archives.ts';
import { pageOf } from './answers/page.ts';
import { MEDIA_TYPES } from './media-types.ts';
import { pageQuery } from './paging.ts';

const tag = '归档';
const printing = '打印';

export const archiveRoutes: Route[] = [
  route({
    method: 'post',
    path: '/api/v1/archives',
    tag,
    zh: '申请归档批次（颁发单位归档已颁发证照；用证单位归档用证副本；已归档的不重复归档）',
    en: 'Order an archive batch: an issuer of what it issued, a consumer of what it was handed; what is archived is not taken again',
    answer: archiveAnswer,
    access: 'caller',
    body: archiveOrderSchema,
    status: 202,
    idempotent: true,
    run: ({ house, caller, body, remember }) => openArchive(house, caller, body, remember),
  }),
  route({
    method: 'get',
    path: '/api/v1/archives',
    tag,
    zh: '本单位的归档批次',
    en: 'The body’s own archive batches, newest first',
    answer: pageOf(archiveAnswer),
    access: 'caller',
    query: pageQuery,
    run: ({ house, caller, query }) => listArchives(house, caller, query),
  }),
  route({
    method: 'get',
    path: '/api/v1/archives/:id',
    tag,
    zh: '归档批次进度',
    en: 'How an archive batch stands',
    answer: archiveAnswer,
    access: 'caller',
    run: ({ house, caller, params }) => readArchive(house, caller, params.id ?? ''),
  }),
  route({
    method: 'get',
    path: '/api/v1/archives/:id/volumes',
    tag,
    zh: '归档批次的各卷',
    en: 'The volumes of a batch, in their order',
    answer: pageOf(archiveVolumeAnswer),
    access: 'caller',
    query: pageQuery,
    run: ({ house, caller, params, query }) => listVolumes(house, caller, params.id ?? '', query),
  }),
  route({
    method: 'get',
    path: '/api/v1/archives/:id/volumes/:volume',
    tag,
    zh: '下载一卷归档信息包（ZIP，带清单和签名）',
    en: 'One volume: a ZIP with manifest and signature, checked offline by `zhengku archive check`',
    access: 'caller',
    answerType: 'application/zip',
    async run({ house, caller, params }) {
      const position = /^[1-9]\d{0,8}$/.test(params.volume ?? '') ? Number(params.volume) : 0;
      const { bytes, fileName } = await downloadVolume(house, caller, params.id ?? '', position);
      return new FileAnswer(bytes, 'application/zip', fileName);
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/licences/:id/archives',
    tag,
    zh: '证照的归档情况（批次、档号、时间）',
    en: 'Into which batches a licence has gone, and when',
    answer: z.strictObject({ items: z.array(licenceArchiveAnswer).readonly() }),
    access: 'caller',
    run: async ({ house, caller, params }) => ({ items: await listLicenceArchives(house, caller, params.id ?? '') }),
  }),
  route({
    method: 'post',
    path: '/api/v1/licences/:id/prints',
    tag: printing,
    zh: '制作打印件（照面原大，注明用途、时间、编号；非证照原件；仅有效证照）',
    en: 'Make a print of a valid licence: the face at true size with purpose, time and number; no original',
    answer: printAnswer,
    access: 'caller',
    body: printSchema,
    status: 201,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) => printLicence(house, caller, params.id ?? '', body, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/sharing/prints',
    tag: printing,
    zh: '用证单位制作打印件（限用证码的用途）',
    en: 'Make a print within a use, for its purpose',
    answer: printAnswer,
    access: 'caller',
    body: printSharedSchema,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => printShared(house, caller, body, remember),
  }),
  route({
    method: 'get',
    path: '/api/v1/prints/:serial',
    tag: printing,
    zh: '下载打印件（PDF，限制作单位）',
    en: 'The PDF of a print, for the body that made it',
    access: 'caller',
    answerType: 'application/pdf',
    async run({ house, caller, params }) {
      const serial = params.serial ?? '';
      return new FileAnswer(await getPrint(house, caller, serial), MEDIA_TYPES.pdf, `${serial}.pdf`);
    },
  }),
];
