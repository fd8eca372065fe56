/** Sharing for consuming departments, within one person, one matter and one purpose. */
import {
  compareShared,
  compareSharedSchema,
  copyShared,
  copySharedSchema,
  listShared,
  listSharedSchema,
  matterSchema,
  openUse,
  previewShared,
  previewSharedSchema,
  saveMatter,
  statusShared,
  statusSharedSchema,
  useSchema,
} from '../../models/sharing/index.ts';
import { FileAnswer, route } from '../http/route.ts';
import { pageOf } from './answers/page.ts';
import { comparisonAnswer, openedUseAnswer, sharedLicenceAnswer, sharedStatusAnswer } from './answers/sharing.ts';
import { MEDIA_TYPES } from './media-types.ts';

const tag = '共享';

export const sharingRoutes = [
  route({
    method: 'post',
    path: '/api/v1/matters',
    tag,
    zh: '登记事项及可用证照类型',
    en: 'Save a matter and the licence types it may use',
    answer: matterSchema,
    access: 'caller',
    body: matterSchema,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => saveMatter(house, caller, body, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/uses',
    tag,
    zh: '申请用证码（一案、一事、一人、一用途）',
    en: 'Open a use: one case, one matter, one person, one purpose',
    answer: openedUseAnswer,
    access: 'caller',
    body: useSchema,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => openUse(house, caller, body, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/sharing/list',
    tag,
    zh: '电子证照列表获取',
    en: 'The person’s licences within the matter',
    answer: pageOf(sharedLicenceAnswer),
    access: 'caller',
    body: listSharedSchema,
    run: ({ house, caller, body }) => listShared(house, caller, body),
  }),
  route({
    method: 'post',
    path: '/api/v1/sharing/preview',
    tag,
    zh: '证照预览（PNG；非有效证照标明状态）',
    en: 'Preview of a page of the face; the status stands across one that is not valid',
    access: 'caller',
    body: previewSharedSchema,
    answerType: 'image/png',
    async run({ house, caller, body }) {
      const { png, pages } = await previewShared(house, caller, body);
      return new FileAnswer(png, 'image/png', undefined, { 'X-Pages': String(pages) });
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/sharing/status',
    tag,
    zh: '业务状态验证',
    en: 'Business status of a licence',
    answer: sharedStatusAnswer,
    access: 'caller',
    body: statusSharedSchema,
    run: ({ house, caller, body }) => statusShared(house, caller, body),
  }),
  route({
    method: 'post',
    path: '/api/v1/sharing/compare',
    tag,
    zh: '照面信息比对',
    en: 'Compare fields; the licence’s own values are never told',
    answer: comparisonAnswer,
    access: 'caller',
    body: compareSharedSchema,
    run: ({ house, caller, body }) => compareShared(house, caller, body),
  }),
  route({
    method: 'post',
    path: '/api/v1/sharing/copy',
    tag,
    zh: '证照副本下载（加注件，PDF；非有效证照不予副本）',
    en: 'A copy marked with purpose, recipient and time; within one use the same file again. 409 for what is not valid',
    access: 'caller',
    body: copySharedSchema,
    answerType: 'application/pdf',
    async run({ house, caller, body }) {
      const { copyId, pdf } = await copyShared(house, caller, body);
      return new FileAnswer(pdf, MEDIA_TYPES.pdf, `copy-${copyId}.pdf`);
    },
  }),
];
