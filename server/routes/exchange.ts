/** Front-end machines and how the exchange stands. */
import { exchangeStatus, registerMachine } from '../../exchange/index.ts';
import { frontEndSchema, listFrontEnds } from '../../models/exchange-state/index.ts';
import { type Route, route } from '../http/route.ts';
import { exchangeStatusAnswer, frontEndAnswer } from './answers/exchange.ts';
import { pageOf } from './answers/page.ts';
import { pageQuery } from './paging.ts';

export const exchangeRoutes: Route[] = [
  route({
    method: 'post',
    path: '/api/v1/front-ends',
    tag: '交换',
    zh: '登记或更新部门前置机（地址加密保存）',
    en: 'Register a department’s front-end machine, or bring it up to date; its address is stored encrypted',
    answer: frontEndAnswer,
    access: 'caller',
    body: frontEndSchema,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => registerMachine(house, caller, body, remember),
  }),
  route({
    method: 'get',
    path: '/api/v1/front-ends',
    tag: '交换',
    zh: '前置机列表',
    en: 'List the front-end machines, without their addresses',
    answer: pageOf(frontEndAnswer),
    access: 'caller',
    query: pageQuery,
    run: ({ house, caller, query }) => listFrontEnds(house, caller, query),
  }),
  route({
    method: 'get',
    path: '/api/v1/exchange/status',
    tag: '交换',
    zh: '交换运行状况（各部门滞后、积压、扣留、拒收）',
    en: 'How the exchange stands: lag, depth, held and refused per department, and the way to the province',
    answer: exchangeStatusAnswer,
    access: 'caller',
    run: ({ house, caller }) => exchangeStatus(house, caller),
  }),
];
