/** The signed daily statements of what city and province hold. */
import { getStatement, listStatements } from '../../models/exchange-state/index.ts';
import { type Route, route } from '../http/route.ts';
import { pageOf } from './answers/page.ts';
import { statementAnswer, statementLine } from './answers/statement.ts';
import { pageQuery } from './paging.ts';

export const statementRoutes: Route[] = [
  route({
    method: 'get',
    path: '/api/v1/exchange/statements',
    tag: '交换',
    zh: '省市比对日报表列表',
    en: 'List the daily statements of city and province',
    answer: pageOf(statementLine),
    access: 'caller',
    query: pageQuery,
    run: ({ house, caller, query }) => listStatements(house, caller, query),
  }),
  route({
    method: 'get',
    path: '/api/v1/exchange/statements/:day',
    tag: '交换',
    zh: '某日的省市比对日报表（原文、签名、签名证书），可离线验签',
    en: 'The statement of a day: its text exactly as signed, the signature and the certificate, to be verified offline',
    answer: statementAnswer,
    access: 'caller',
    run: ({ house, caller, params }) => getStatement(house, caller, params.day ?? ''),
  }),
];
