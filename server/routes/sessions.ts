/** Signing in and out: people with a session, systems with OAuth 2 client credentials. */
import { z } from 'zod';
import { grantToken, logIn, loginSchema } from '../../models/account/index.ts';
import { Fault, throwFaults } from '../../models/kernel/fault.ts';
import { findControlCharacters } from '../../models/kernel/plain-text.ts';
import { toPointedFaults } from '../../models/kernel/zod-faults.ts';
import { route } from '../http/route.ts';
import { tokenAnswer } from './answers/parties.ts';

const tokenSchema = z.strictObject({
  grant_type: z.literal('client_credentials'),
  client_id: z.string().min(1).max(64),
  client_secret: z.string().min(1).max(200),
  scope: z.string().max(1000).optional(),
});

export const sessionRoutes = [
  route({
    method: 'post',
    path: '/oauth/token',
    tag: '登录',
    zh: '系统获取访问令牌（OAuth 2 客户端凭据）',
    en: 'Client credentials grant of OAuth 2; JSON or form body; credentials in the body or as HTTP Basic',
    answer: tokenAnswer,
    access: 'public',
    body: tokenSchema,
    bodyJudgedByAct: true,
    formBody: true,
    async run({ house, caller, body, basic }) {
      const named = basic ? { client_id: basic.name, client_secret: basic.secret } : {};
      const given = { ...Object(body), ...named };
      const request = tokenSchema.safeParse(given, { reportInput: true });
      const faults = request.success ? [] : toPointedFaults(request.error.issues);
      throwFaults([...faults, ...findControlCharacters(given)]);
      if (!request.success) throw new Fault('REQUEST_INVALID');
      const { client_id: clientId, client_secret: clientSecret, scope } = request.data;
      const scopes = scope ? { scopes: scope.split(' ').filter(Boolean) } : {};
      const granted = await grantToken(house, caller, { clientId, clientSecret, ...scopes });
      return {
        access_token: granted.accessToken,
        token_type: 'Bearer',
        expires_in: granted.expiresInSeconds,
        scope: granted.scopes.join(' '),
      };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/session',
    tag: '登录',
    zh: '人员登录',
    en: 'Sign a person in; the session travels in a cookie, its CSRF token in the answer',
    access: 'public',
    body: loginSchema,
    status: 201,
    signsIn: true,
    async run({ house, caller, body }) {
      return logIn(house, caller, body);
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/session',
    tag: '登录',
    zh: '当前登录者',
    en: 'Who is signed in',
    access: 'caller',
    async run({ caller }) {
      const { id, name, organisationCode, roles, type } = caller;
      return { id, name, type, organisationCode, roles };
    },
  }),
  route({
    method: 'delete',
    path: '/api/v1/session',
    tag: '登录',
    zh: '退出登录',
    en: 'Sign out',
    access: 'caller',
    signsOut: true,
    async run() {
      return {};
    },
  }),
];
