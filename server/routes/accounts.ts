/** Users and applications, by the security administrator. */
import {
  applicationChangeSchema,
  applicationSchema,
  changeApplication,
  changeUser,
  saveApplication,
  saveUser,
  userChangeSchema,
  userSchema,
} from '../../models/account/index.ts';
import { route } from '../http/route.ts';
import { applicationAnswer, changedApplicationAnswer, userAnswer } from './answers/parties.ts';

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
    path: '/api/v1/users/:id',
    tag: '账号',
    zh: '停用、启用账号，变更角色，重置口令',
    en: 'Disable or enable an account, change its roles, set a new password; at once',
    answer: userAnswer,
    access: 'caller',
    body: userChangeSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) => changeUser(house, caller, params.id ?? '', body, remember),
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
  route({
    method: 'post',
    path: '/api/v1/applications/:id',
    tag: '账号',
    zh: '停用、启用接入系统',
    en: 'Disable or enable a system; its tokens end at once',
    answer: changedApplicationAnswer,
    access: 'caller',
    body: applicationChangeSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) =>
      changeApplication(house, caller, params.id ?? '', body, remember),
  }),
];
