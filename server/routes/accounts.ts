/** Users and applications, by the security administrator. */
import { applicationSchema, saveApplication, saveUser, userSchema } from '../../models/account/index.ts';
import { route } from '../http/route.ts';
import { applicationAnswer, userAnswer } from './answers/parties.ts';

export const accountRoutes = [
  route({
    method: 'post',
    path: '/api/v1/users',
    tag: '账号',
    zh: '新增人员账号',
    en: 'Add a person who signs in',
    answer: userAnswer,
    access: 'caller',
    body: userSchema,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => saveUser(house, caller, body, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/applications',
    tag: '账号',
    zh: '登记接入系统',
    en: 'Register a system; its secret is shown once',
    answer: applicationAnswer,
    access: 'caller',
    body: applicationSchema,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => saveApplication(house, caller, body, remember),
  }),
];
