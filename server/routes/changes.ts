/** The change feed, who may know of what, and the keys with which notices are verified. */
import { z } from 'zod';
import {
  awaitChanges,
  changeGrantSchema,
  changesQuery,
  listChangeGrants,
  saveChangeGrant,
} from '../../models/publication/index.ts';
import { listRepositoryKeys } from '../../models/seal/index.ts';
import { type Route, route } from '../http/route.ts';
import { changeGrantAnswer, changesAnswer, repositoryKeysAnswer } from './answers/subscription.ts';

const tag = '变更通知';
const access = 'caller';

export const changeRoutes: readonly Route[] = [
  route({
    ...{ method: 'get', path: '/api/v1/changes', tag, access },
    zh: '变更流：按游标拉取本单位可知悉的证照和目录变更',
    en: 'The change feed: changes of licences and entries that the body may know of, by a durable cursor',
    answer: changesAnswer,
    query: changesQuery,
    run: ({ house, caller, query, over }) => awaitChanges(house, caller, query, { over }),
  }),
  route({
    ...{ method: 'post', path: '/api/v1/change-grants', tag, access, idempotent: true },
    zh: '许可单位知悉某类证照的变更，或指定为后续环节单位；也用于收回',
    en: 'Let a body know of the changes of a licence type, or name it as handling the next step; or take that back',
    answer: changeGrantAnswer,
    body: changeGrantSchema,
    run: ({ house, caller, body, remember }) => saveChangeGrant(house, caller, body, remember),
  }),
  route({
    ...{ method: 'get', path: '/api/v1/change-grants', tag, access },
    zh: '变更知悉许可列表',
    en: 'Who may know of the changes of which licence types',
    answer: z.strictObject({ items: z.array(changeGrantAnswer).readonly() }),
    query: z.strictObject({ organisationCode: z.string().length(18).optional() }),
    run: ({ house, caller, query }) => listChangeGrants(house, caller, query.organisationCode),
  }),
  route({
    ...{ method: 'get', path: '/.well-known/zhengku-keys.json', tag, access: 'public' },
    zh: '证库签名公钥（SM2）',
    en: 'The public keys (SM2) with which notices of the repository are verified',
    answer: repositoryKeysAnswer,
    run: async ({ house }) => ({ keys: await listRepositoryKeys(house) }),
  }),
];
