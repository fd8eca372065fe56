/** The working-day calendar: seen by all who work with deadlines, kept by the bureau. */
import {
  calendarImportSchema,
  calendarYearSchema,
  explainDue,
  explainQuery,
  importCalendar,
  saveYear,
  viewCalendar,
  viewYear,
} from '../../models/calendar/index.ts';
import { route } from '../http/route.ts';
import {
  calendarAnswer,
  calendarImportAnswer,
  calendarYearAnswer,
  explainedDaysAnswer,
} from './answers/supervision.ts';

export const calendarRoutes = [
  route({
    method: 'get',
    path: '/api/v1/calendar',
    tag: '时限',
    zh: '工作日历：已有年度；次年安排是否缺失',
    en: 'The working-day calendar: its years, and whether the next is missing',
    answer: calendarAnswer,
    access: 'caller',
    run: ({ house }) => viewCalendar(house),
  }),
  route({
    method: 'get',
    path: '/api/v1/calendar/explain',
    tag: '时限',
    zh: '解释一个到期日：逐日说明是否计入及原因',
    en: 'Explain a due date: each day on the way, whether it counts and why',
    answer: explainedDaysAnswer,
    access: 'caller',
    query: explainQuery,
    run: ({ house, query }) => explainDue(house, query),
  }),
  route({
    method: 'get',
    path: '/api/v1/calendar/years/:year',
    tag: '时限',
    zh: '一个年度的安排及其修改记录',
    en: 'The arrangement of a year, and its changes',
    answer: calendarYearAnswer,
    access: 'caller',
    run: ({ house, params: { year = '' } }) => viewYear(house, Number(year)),
  }),
  route({
    method: 'post',
    path: '/api/v1/calendar/years/:year',
    tag: '时限',
    zh: '登记或更换一个年度的安排；未到的时限全部重算',
    en: 'Enter the arrangement of a year, or another in its place; every clock that runs is due by it at once',
    answer: calendarYearAnswer,
    access: 'caller',
    body: calendarYearSchema,
    idempotent: true,
    run: ({ house, caller, params: { year = '' }, body, remember }) =>
      saveYear(house, caller, Number(year), body, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/calendar/import',
    tag: '时限',
    zh: '从 JSON 或 iCalendar 导入年度安排，可先试算',
    en: 'Take years of the calendar from JSON or iCalendar; a dry run tells what would move',
    answer: calendarImportAnswer,
    access: 'caller',
    body: calendarImportSchema,
    idempotent: true,
    run: ({ house, caller, body, remember }) => importCalendar(house, caller, body, remember),
  }),
];
