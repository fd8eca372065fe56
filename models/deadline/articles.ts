/** What a clock's lateness breaches: the city's measures of 2019. */
import type { DeadlineColumns } from './rows.ts';

export const ARTICLES: Readonly<Record<DeadlineColumns['kind'], string>> = {
  'offline-push': '第十一条第二款',
  'batch-push': '第十一条第三款',
  objection: '第二十条',
  // Nobody but the bureau sets this one.
  correction: '主管部门规定',
  rectification: '第二十九条',
};
