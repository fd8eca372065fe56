/** Notification and commitment (告知承诺): what was promised, what arrived, what is late, who was told of an annulment. */
import {
  arrivalSchema,
  arriveItem,
  endRectification,
  listAnnulments,
  listCommitments,
  promiseItems,
  promiseSchema,
  readCommitment,
  rectificationSchema,
  rectifiedSchema,
  rectifyCommitment,
  stageSchema,
} from '../../models/commitment/index.ts';
import { type Route, route } from '../http/route.ts';
import { annulmentAnswer, commitmentAnswer } from './answers/desks.ts';
import { pageOf } from './answers/page.ts';
import { pageQuery } from './paging.ts';

const tag = '告知承诺';
const of = '/api/v1/licences/:id/commitment';
const common = { tag, answer: commitmentAnswer, access: 'caller', idempotent: true } as const;

export const commitmentRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/v1/commitments',
    tag,
    zh: '承诺事项清单：未到期、将到期（黄）、逾期（红）',
    en: 'What was promised and is still owed, oldest due first',
    answer: pageOf(commitmentAnswer),
    access: 'caller',
    query: pageQuery.extend({ stage: stageSchema.optional() }),
    run: ({ house, caller, query }) => listCommitments(house, caller, query),
  }),
  route({
    method: 'get',
    path: '/api/v1/commitments/annulments',
    tag,
    zh: '已撤销的告知承诺证照：下一环节单位何时被告知、是否当日签收',
    en: 'Annulled commitments: which bodies of the next step were told, and which acknowledged it the same day',
    answer: pageOf(annulmentAnswer),
    access: 'caller',
    query: pageQuery,
    run: ({ house, caller, query }) => listAnnulments(house, caller, query),
  }),
  route({
    method: 'get',
    path: of,
    tag,
    zh: '证照的承诺事项和经过',
    en: 'What was promised with a licence, and every step since',
    answer: commitmentAnswer,
    access: 'caller',
    run: ({ house, caller, params }) => readCommitment(house, caller, params.id ?? ''),
  }),
  route({
    ...common,
    method: 'post',
    path: of,
    zh: '登记或变更承诺事项（变更须说明原因）',
    en: 'Enter what was promised and by when; amending it takes a reason',
    body: promiseSchema,
    run: ({ house, caller, params, body, remember }) => promiseItems(house, caller, params.id ?? '', body, remember),
  }),
  route({
    ...common,
    method: 'post',
    path: `${of}/items/:item/arrive`,
    zh: '承诺材料补交（不换发证照）',
    en: 'Promised material has arrived; nothing is issued anew',
    body: arrivalSchema,
    run: ({ house, caller, params, body, remember }) =>
      arriveItem(house, caller, params.id ?? '', params.item ?? '', body, remember),
  }),
  route({
    ...common,
    method: 'post',
    path: `${of}/rectify`,
    zh: '核查不符，限期整改',
    en: 'Verification found otherwise: to be put right by a date',
    body: rectificationSchema,
    run: ({ house, caller, params, body, remember }) =>
      rectifyCommitment(house, caller, params.id ?? '', body, remember),
  }),
  route({
    ...common,
    method: 'post',
    path: `${of}/rectified`,
    zh: '整改完成',
    en: 'What was found otherwise has been put right',
    body: rectifiedSchema,
    run: ({ house, caller, params, body, remember }) =>
      endRectification(house, caller, params.id ?? '', body, remember),
  }),
];
