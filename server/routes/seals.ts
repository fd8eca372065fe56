/** The life of seals: applied for, approved, made or registered, frozen, renewed, revoked; who may use them, what
 *  they were used for, and whose making is accepted. */
import { z } from 'zod';
import {
  acceptSealMaker,
  applyForSeal,
  approveSeal,
  authoriseSealUser,
  freezeSeal,
  getSeal,
  getSealPicture,
  listSealMakers,
  listSeals,
  listSealUses,
  makeSeal,
  refuseSeal,
  registerSeal,
  renewSeal,
  revokeSeal,
  SEAL_STATES,
  sealApplicationSchema,
  sealMakerSchema,
  sealReasonSchema,
  sealRegistrationSchema,
  sealRenewalSchema,
  sealUserSchema,
  unfreezeSeal,
  withdrawSealMaker,
  withdrawSealUser,
} from '../../models/seal/index.ts';
import { FileAnswer, type Route, route } from '../http/route.ts';
import { pageOf } from './answers/page.ts';
import { sealAnswer, sealDetailAnswer, sealMakerAnswer, sealUseAnswer, sealUserAnswer } from './answers/seals.ts';
import { pageQuery } from './paging.ts';

/** A seal and its certificates travel in base64. */
const REGISTRATION_BYTES = 4 * 1024 * 1024;
const tag = '印章';
const access = 'caller';
const idempotent = true;

type PlainMove = typeof approveSeal;

/** A move that takes no more than its reason. */
function moveRoute(act: string, zh: string, en: string, move: PlainMove): Route {
  return route({
    ...{ method: 'post', path: `/api/v1/seals/:id/${act}`, tag, zh, en, access, idempotent },
    answer: sealAnswer,
    body: sealReasonSchema,
    run: ({ house, caller, params, body, remember }) => move(house, caller, params.id ?? '', body, remember),
  });
}

const applicationRoutes = [
  route({
    ...{ method: 'post', path: '/api/v1/seals', tag, access, idempotent, status: 201 },
    zh: '申请电子印章',
    en: 'A body’s seal keeper applies for a seal',
    answer: sealAnswer,
    body: sealApplicationSchema,
    run: ({ house, caller, body, remember }) => applyForSeal(house, caller, body, remember),
  }),
  moveRoute('approve', '批准印章申请（申请人不得批准）', 'Approve an application; not by whoever applied', approveSeal),
  moveRoute('refuse', '不予批准印章申请', 'Refuse an application', refuseSeal),
  route({
    ...{ method: 'post', path: '/api/v1/seals/:id/make', tag, access, idempotent },
    zh: '制作已批准的印章（内置制章，限开发和演示）',
    en: 'Make an approved seal and its keys with the built-in maker; for development only',
    answer: sealAnswer,
    body: z.strictObject({}),
    run: ({ house, caller, params, remember }) => makeSeal(house, caller, params.id ?? '', remember),
  }),
  route({
    ...{ method: 'post', path: '/api/v1/seals/:id/register', tag, access, idempotent },
    zh: '登记外部制作的印章（验证制章人、证书链、有效期、名称和密钥）',
    en: 'Register a seal made elsewhere: maker, chain, validity, names and key are verified',
    answer: sealAnswer,
    body: sealRegistrationSchema,
    bodyBytes: REGISTRATION_BYTES,
    run: ({ house, caller, params, body, remember }) => registerSeal(house, caller, params.id ?? '', body, remember),
  }),
];

const lifeRoutes = [
  moveRoute('freeze', '冻结印章', 'Freeze a seal; it seals nothing until it is unfrozen', freezeSeal),
  moveRoute('unfreeze', '解冻印章', 'Unfreeze a seal', unfreezeSeal),
  moveRoute('revoke', '吊销印章（不可恢复）', 'Revoke a seal for good', revokeSeal),
  route({
    ...{ method: 'post', path: '/api/v1/seals/:id/renew', tag, access, idempotent, status: 201 },
    zh: '申请换发印章（新章启用时旧章停用）',
    en: 'Apply for the successor of a seal; the old one is superseded when the new one becomes active',
    answer: sealAnswer,
    body: sealRenewalSchema,
    run: ({ house, caller, params, body, remember }) => renewSeal(house, caller, params.id ?? '', body, remember),
  }),
  route({
    ...{ method: 'post', path: '/api/v1/seals/:id/users', tag, access, idempotent, status: 201 },
    zh: '授权其他单位使用本单位印章',
    en: 'Let another body use the seal, from one day to another, for all entries or some',
    answer: sealUserAnswer,
    body: sealUserSchema,
    run: ({ house, caller, params, body, remember }) =>
      authoriseSealUser(house, caller, params.id ?? '', body, remember),
  }),
  route({
    ...{ method: 'post', path: '/api/v1/seals/:id/users/:userId/withdraw', tag, access, idempotent },
    zh: '撤回印章使用授权',
    en: 'Take back that another body may use the seal',
    answer: sealUserAnswer,
    body: sealReasonSchema,
    run: ({ house, caller, params: { id = '', userId = '' }, body, remember }) =>
      withdrawSealUser(house, caller, id, userId, body, remember),
  }),
];

const readingRoutes = [
  route({
    ...{ method: 'get', path: '/api/v1/seals', tag, access },
    zh: '印章列表（本单位的和授权使用的；监管部门可见全部）',
    en: 'List the seals: the body’s own and those it may use; all of them for whoever oversees',
    answer: pageOf(sealAnswer),
    query: pageQuery.extend({
      state: z.enum(SEAL_STATES).optional(),
      organisationCode: z.string().length(18).optional(),
    }),
    run: ({ house, caller, query }) => listSeals(house, caller, query),
  }),
  route({
    ...{ method: 'get', path: '/api/v1/seals/:id', tag, access },
    zh: '印章详情（授权单位、变更记录）',
    en: 'One seal: who may use it, and all that befell it',
    answer: sealDetailAnswer,
    run: ({ house, caller, params }) => getSeal(house, caller, params.id ?? ''),
  }),
  route({
    ...{ method: 'get', path: '/api/v1/seals/:id/picture', tag, access, answerType: 'image/png' },
    zh: '印章图片（PNG）',
    en: 'The picture of a seal',
    async run({ house, caller, params }) {
      return new FileAnswer(await getSealPicture(house, caller, params.id ?? ''), 'image/png');
    },
  }),
  route({
    ...{ method: 'get', path: '/api/v1/seals/:id/uses', tag, access },
    zh: '用印记录',
    en: 'What a seal was used for: by whom, on whose behalf, when, with what outcome',
    answer: pageOf(sealUseAnswer),
    query: pageQuery,
    run: ({ house, caller, params, query }) => listSealUses(house, caller, params.id ?? '', query),
  }),
];

const makerRoutes = [
  route({
    ...{ method: 'post', path: '/api/v1/seal-makers', tag, access, idempotent, status: 201 },
    zh: '认可制章人（登记其证书）',
    en: 'Accept a maker of seals by its certificate',
    answer: sealMakerAnswer,
    body: sealMakerSchema,
    run: ({ house, caller, body, remember }) => acceptSealMaker(house, caller, body, remember),
  }),
  route({
    ...{ method: 'get', path: '/api/v1/seal-makers', tag, access },
    zh: '制章人名单',
    en: 'List the makers of seals, accepted and withdrawn',
    answer: pageOf(sealMakerAnswer),
    query: pageQuery,
    run: ({ house, caller, query }) => listSealMakers(house, caller, query),
  }),
  route({
    ...{ method: 'post', path: '/api/v1/seal-makers/:id/withdraw', tag, access, idempotent },
    zh: '取消对制章人的认可',
    en: 'Take a maker of seals from the list',
    answer: sealMakerAnswer,
    body: sealReasonSchema,
    run: ({ house, caller, params, body, remember }) =>
      withdrawSealMaker(house, caller, params.id ?? '', body, remember),
  }),
];

export const sealRoutes: readonly Route[] = [...applicationRoutes, ...lifeRoutes, ...readingRoutes, ...makerRoutes];
