/** The repository's keys: their uses, and how often and how long they may be used. Keys come in by the command line alone. */
import { z } from 'zod';
import { keyLimitsSchema, listKeys, setKeyLimits } from '../../models/seal/index.ts';
import { type Route, route } from '../http/route.ts';
import { keyAnswer } from './answers/keys.ts';

const tag = '密钥';
const access = 'caller';

/** What is left out stays as it is; null takes a limit away. */
const limitsBody = keyLimitsSchema.extend({ notAfterUse: z.iso.datetime({ offset: true }).nullable().optional() });

export const keyRoutes: readonly Route[] = [
  route({
    ...{ method: 'get', path: '/api/v1/keys', tag, access },
    zh: '密钥列表（使用次数、限额和证书）',
    en: 'List the keys with their uses, limits and certificates',
    answer: z.strictObject({ items: z.array(keyAnswer).readonly() }),
    run: async ({ house, caller }) => ({ items: await listKeys(house, caller) }),
  }),
  route({
    ...{ method: 'post', path: '/api/v1/keys/:id/limits', tag, access, idempotent: true },
    zh: '设定密钥的使用次数和期限，或停用密钥',
    en: 'Say how often and until when a key may be used, and whether at all',
    answer: keyAnswer,
    body: limitsBody,
    run({ house, caller, params, body: { notAfterUse, ...body }, remember }) {
      const until = typeof notAfterUse === 'string' ? new Date(notAfterUse) : notAfterUse;
      return setKeyLimits(house, caller, params.id ?? '', { ...body, notAfterUse: until }, remember);
    },
  }),
];
