/** What the province did not take or was not given, the act by which it goes once more, and the alarms of the exchange. */
import { z } from 'zod';
import { listAlarms, listRefusals, refusalQuerySchema, replayRefusal } from '../../models/exchange-state/index.ts';
import { type Route, route } from '../http/route.ts';
import { alarmAnswer, refusalAnswer, replayAnswer } from './answers/exchange.ts';
import { pageOf } from './answers/page.ts';
import { pageQuery } from './paging.ts';

/** A subject's name may be longer than an id. */
const refusalQuery = pageQuery.extend({ after: z.string().max(255).optional(), ...refusalQuerySchema });

export const refusalRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/v1/exchange/refusals',
    tag: '交换',
    zh: '未能上报省库（扣留、被拒）与回传未入库的清单：原因、单位、起始时间',
    en: 'What was held back from the province, refused by it, or returned by it and not taken: cause, body, since when',
    answer: pageOf(refusalAnswer),
    access: 'caller',
    query: refusalQuery,
    run: ({ house, caller, query }) => listRefusals(house, caller, query),
  }),
  route({
    method: 'post',
    path: '/api/v1/exchange/refusals/:id/replay',
    tag: '交换',
    zh: '原因消除后重新上报（或重新接收回传）',
    en: 'Send it once more (or take it once more) when the cause is gone',
    answer: replayAnswer,
    access: 'caller',
    body: z.strictObject({}),
    idempotent: true,
    run: ({ house, caller, params, remember }) => replayRefusal(house, caller, params.id ?? '', remember),
  }),
  route({
    method: 'get',
    path: '/api/v1/exchange/alarms',
    tag: '交换',
    zh: '交换告警（滞后超过两个周期等），含解除时间',
    en: 'Alarms of the exchange (a lag beyond two cycles, and the like), with when they were cleared',
    answer: pageOf(alarmAnswer),
    access: 'caller',
    query: pageQuery,
    run: ({ house, caller, query }) => listAlarms(house, caller, query),
  }),
];
