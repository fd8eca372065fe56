/** Departments and bodies, singly. */
import { listOrganisations, organisationSchema, saveOrganisation } from '../../models/organisation/index.ts';
import { route } from '../http/route.ts';
import { pageOf } from './answers/page.ts';
import { organisationAnswer } from './answers/parties.ts';
import { pageQuery } from './paging.ts';

export const organisationRoutes = [
  route({
    method: 'post',
    path: '/api/v1/organisations',
    tag: '单位',
    zh: '登记或更新单位（含负责机构和人员）',
    en: 'Register a body, or bring it up to date; it is active once a responsible body and persons are named',
    answer: organisationAnswer,
    access: 'caller',
    body: organisationSchema,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => saveOrganisation(house, caller, body, remember),
  }),
  route({
    method: 'get',
    path: '/api/v1/organisations',
    tag: '单位',
    zh: '单位列表',
    en: 'List the bodies',
    answer: pageOf(organisationAnswer),
    access: 'caller',
    query: pageQuery,
    run: ({ house, caller, query }) => listOrganisations(house, caller, query),
  }),
];
