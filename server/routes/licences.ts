/** Generation and management of licences, for issuing departments. */
import { z } from 'zod';
import { logAccess } from '../../models/audit/index.ts';
import { Fault } from '../../models/kernel/fault.ts';
import {
  changeStatus,
  downloadOriginal,
  drawPreview,
  getOwnLicence,
  LICENCE_STATES,
  listOwnLicences,
  maintainRecord,
  maintenanceSchema,
  plannedWithdrawalSchema,
  readLicence,
  resultHeaders,
  reviewLicence,
  reviewSchema,
  sealActSchema,
  sealLicence,
  statusChangeSchema,
  submissionSchema,
  submitLicence,
  viewResult,
  succeedLicence,
  successionRequestSchema,
  withdrawalSchema,
  withdrawLicence,
  withdrawPlannedMove,
} from '../../models/licence/index.ts';
import { FileAnswer, route } from '../http/route.ts';
import { licenceAnswer, resultAnswer, submittedAnswer } from './answers/licence.ts';
import { pageOf } from './answers/page.ts';
import { MEDIA_TYPES } from './media-types.ts';
import { pageQuery } from './paging.ts';

/** Pictures travel inside the fields. */
const SUBMISSION_BYTES = 8 * 1024 * 1024;

export const licenceRoutes = [
  route({
    method: 'post',
    path: '/api/v1/licences',
    tag: '证照',
    zh: '提交证照信息',
    en: 'Submit a licence for review',
    answer: submittedAnswer,
    access: 'caller',
    body: submissionSchema,
    bodyJudgedByAct: true,
    bodyBytes: SUBMISSION_BYTES,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) =>
      submitLicence(house, caller, body, { source: caller.type === 'person' ? 'form' : 'api' }, remember),
  }),
  route({
    method: 'get',
    path: '/api/v1/licences',
    tag: '证照',
    zh: '本单位证照列表',
    en: 'The department’s own licences, newest first',
    answer: pageOf(licenceAnswer),
    access: 'caller',
    query: pageQuery.extend({ state: z.enum(LICENCE_STATES).optional() }),
    run: ({ house, caller, query }) => listOwnLicences(house, caller, query),
  }),
  route({
    method: 'get',
    path: '/api/v1/licences/:id',
    tag: '证照',
    zh: '证照详情',
    en: 'One licence: state, identifier, files, changes',
    answer: licenceAnswer,
    access: 'caller',
    run: ({ house, caller, params }) => readLicence(house, caller, params.id ?? ''),
  }),
  route({
    method: 'get',
    path: '/api/v1/licences/:id/result',
    tag: '证照',
    zh: '办理结果（轮询；带 ETag 与 Retry-After）',
    en: 'What became of a submission, to be asked again after `Retry-After`; with `ETag`',
    answer: resultAnswer,
    access: 'caller',
    headersOf: resultHeaders,
    run: ({ house, caller, params }) => viewResult(house, caller, params.id ?? ''),
  }),
  route({
    method: 'post',
    path: '/api/v1/licences/:id/review',
    tag: '证照',
    zh: '审核（通过或退回；签章前可改为退回）',
    en: 'Review: approve or return; what was approved may be returned until it is sealed',
    answer: licenceAnswer,
    access: 'caller',
    body: reviewSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) => reviewLicence(house, caller, params.id ?? '', body, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/licences/:id/withdraw',
    tag: '证照',
    zh: '撤回未签发的提交（编号同时释放）',
    en: 'Withdraw a submission that is not issued; its number is free again',
    answer: licenceAnswer,
    access: 'caller',
    body: withdrawalSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) => withdrawLicence(house, caller, params.id ?? '', body, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/licences/:id/seal',
    tag: '证照',
    zh: '在线签章并颁发',
    en: 'Seal and issue a reviewed licence',
    answer: licenceAnswer,
    access: 'caller',
    body: sealActSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) => sealLicence(house, caller, params.id ?? '', body, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/licences/:id/status',
    tag: '证照',
    zh: '状态变更（挂起、恢复、注销、吊销、撤销、作废、废止、届满；可指定生效时间，未来时间登记为计划变更）',
    en: 'Change the status: suspend, resume, cancel, revoke, annul, void, repeal, expire; now, or as of another time',
    answer: licenceAnswer,
    access: 'caller',
    body: statusChangeSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) => changeStatus(house, caller, params.id ?? '', body, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/licences/:id/planned-moves/:moveId/withdraw',
    tag: '证照',
    zh: '撤回计划中的状态变更',
    en: 'Withdraw a change of status that is planned for later',
    answer: licenceAnswer,
    access: 'caller',
    body: plannedWithdrawalSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) =>
      withdrawPlannedMove(house, caller, { licenceId: params.id ?? '', moveId: params.moveId ?? '' }, body, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/licences/:id/successions',
    tag: '证照',
    zh: '提交新版本（延续、变更、补证）：未填事项沿用原证照，经审核、签章后取代原证照',
    en: 'Submit a new version (renew, amend, replace): what is left out is as in the former, whose place it takes once sealed',
    answer: submittedAnswer,
    access: 'caller',
    body: successionRequestSchema,
    bodyBytes: SUBMISSION_BYTES,
    status: 201,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) => succeedLicence(house, caller, params.id ?? '', body, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/licences/:id/data',
    tag: '证照',
    zh: '数据维护（办件号、办结时间及照面之外的数据项；照面内容不得修改）',
    en: 'Maintain data: case number, closing time and fields beside the sealed face; what was sealed stays',
    answer: licenceAnswer,
    access: 'caller',
    body: maintenanceSchema,
    bodyBytes: SUBMISSION_BYTES,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) => maintainRecord(house, caller, params.id ?? '', body, remember),
  }),
  route({
    method: 'get',
    path: '/api/v1/licences/:id/preview',
    tag: '证照',
    zh: '照面预览（PNG；非有效证照标明状态，未签章的标明“待签章”）',
    en: 'Preview of a page of the face; what is not valid, or not sealed yet, says so across the page',
    access: 'caller',
    query: z.strictObject({ page: z.coerce.number().int().min(0).max(49).default(0) }),
    answerType: 'image/png',
    async run({ house, caller, params, query }) {
      const licence = await getOwnLicence(house, caller, params.id ?? '');
      await logAccess(house, caller, { act: 'licence.preview', licenceId: licence.id });
      const { png, pages } = await drawPreview(house, licence, query.page);
      return new FileAnswer(png, 'image/png', undefined, { 'X-Pages': String(pages) });
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/licences/:id/files/:format',
    tag: '证照',
    zh: '下载签章原件（ofd 或 pdf）',
    en: 'The sealed original, for its issuer and its holder',
    access: 'caller',
    answerType: 'application/octet-stream',
    async run({ house, caller, params }) {
      const { format } = params;
      if (format !== 'ofd' && format !== 'pdf') throw new Fault('FILE_MISSING');
      const file = await downloadOriginal(house, caller, params.id ?? '', format);
      return new FileAnswer(file.bytes, MEDIA_TYPES[file.format], file.fileName);
    },
  }),
];
