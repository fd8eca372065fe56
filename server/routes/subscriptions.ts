/** Subscriptions to changes: where notices go, their secrets, and what was delivered. */
import { z } from 'zod';
import { changeReceiver, registerReceiver } from '../../exchange/index.ts';
import {
  getDelivery,
  getSubscription,
  listDeliveries,
  listSubscriptions,
  pingSubscription,
  redeliver,
  removeSubscription,
  rotateSecret,
  subscriptionChangeSchema,
  subscriptionSchema,
} from '../../models/subscription/index.ts';
import { type Route, route } from '../http/route.ts';
import { pageOf } from './answers/page.ts';
import {
  deliveryAnswer,
  deliveryWithAttemptsAnswer,
  newSubscriptionAnswer,
  subscriptionAnswer,
} from './answers/subscription.ts';
import { pageQuery } from './paging.ts';

const tag = '变更通知';
const access = 'caller';
const idempotent = true;
const path = '/api/v1/subscriptions';
const one = `${path}/:id`;
const nothing = z.strictObject({});

export const subscriptionRoutes: readonly Route[] = [
  route({
    ...{ method: 'post', path, tag, access, idempotent, status: 201 },
    zh: '订阅变更通知（密钥只显示一次）',
    en: 'Subscribe to notices of changes; the secret is shown once',
    answer: newSubscriptionAnswer,
    body: subscriptionSchema,
    run: ({ house, caller, body, remember }) => registerReceiver(house, caller, body, remember),
  }),
  route({
    ...{ method: 'get', path, tag, access },
    zh: '订阅列表',
    en: 'List subscriptions',
    answer: pageOf(subscriptionAnswer),
    query: pageQuery,
    run: ({ house, caller, query }) => listSubscriptions(house, caller, query),
  }),
  route({
    ...{ method: 'get', path: one, tag, access },
    zh: '查看订阅',
    en: 'Show a subscription',
    answer: subscriptionAnswer,
    run: ({ house, caller, params }) => getSubscription(house, caller, params.id ?? ''),
  }),
  route({
    ...{ method: 'post', path: one, tag, access, idempotent },
    zh: '变更、暂停、恢复订阅',
    en: 'Change, pause or resume a subscription',
    answer: subscriptionAnswer,
    body: subscriptionChangeSchema,
    run: ({ house, caller, params, body, remember }) => changeReceiver(house, caller, params.id ?? '', body, remember),
  }),
  route({
    ...{ method: 'delete', path: one, tag, access, idempotent },
    zh: '取消订阅',
    en: 'End a subscription, with what waits for it',
    answer: subscriptionAnswer,
    run: ({ house, caller, params, remember }) => removeSubscription(house, caller, params.id ?? '', remember),
  }),
  route({
    ...{ method: 'post', path: `${one}/secret`, tag, access, idempotent },
    zh: '更换密钥（新旧密钥并行 24 小时）',
    en: 'Give it a new secret; for 24 hours notices carry the signatures of both',
    answer: newSubscriptionAnswer,
    body: nothing,
    run: ({ house, caller, params, remember }) => rotateSecret(house, caller, params.id ?? '', remember),
  }),
  route({
    ...{ method: 'post', path: `${one}/ping`, tag, access, idempotent, status: 201 },
    zh: '发送测试通知',
    en: 'Send a test notice',
    answer: deliveryAnswer,
    body: nothing,
    run: ({ house, caller, params, remember }) => pingSubscription(house, caller, params.id ?? '', remember),
  }),
  route({
    ...{ method: 'get', path: `${one}/deliveries`, tag, access },
    zh: '投递记录',
    en: 'List deliveries',
    answer: pageOf(deliveryAnswer),
    query: pageQuery.extend({ state: z.enum(['waiting', 'delivered', 'failed']).optional() }),
    run: ({ house, caller, params, query }) => listDeliveries(house, caller, params.id ?? '', query),
  }),
  route({
    ...{ method: 'get', path: `${one}/deliveries/:delivery`, tag, access },
    zh: '查看一次投递及各次尝试',
    en: 'Show a delivery with its attempts',
    answer: deliveryWithAttemptsAnswer,
    run: ({ house, caller, params }) => getDelivery(house, caller, params.id ?? '', params.delivery ?? ''),
  }),
  route({
    ...{ method: 'post', path: `${one}/deliveries/:delivery/redeliver`, tag, access, idempotent },
    zh: '重新投递',
    en: 'Send it again, under the same id',
    answer: deliveryAnswer,
    body: nothing,
    run: ({ house, caller, params, remember }) =>
      redeliver(house, caller, params.id ?? '', params.delivery ?? '', remember),
  }),
];
