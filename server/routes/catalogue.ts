/** The catalogue: entries, their fill page as a form schema, and review rules. */
import { z } from 'zod';
import { logAccess } from '../../models/audit/index.ts';
import {
  type CatalogueColumns,
  catalogueDefinitionSchema,
  catalogueView,
  findNewestEntry,
  listEntries,
  retireEntry,
  saveEntry,
} from '../../models/catalogue/index.ts';
import type { Caller, House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { reviewRuleSchema, saveReviewRule, withdrawReviewRule } from '../../models/licence/index.ts';
import { route } from '../http/route.ts';
import { toFormSchema } from '../pages/form-schema.ts';
import { toUiSchema } from '../pages/ui-schema.ts';
import { catalogueAnswer, formAnswer, reviewRuleAnswer } from './answers/catalogue.ts';
import { pageOf } from './answers/page.ts';
import { pageQuery } from './paging.ts';

/** Base images travel inside the entry. */
const ENTRY_BYTES = 16 * 1024 * 1024;

async function readEntry(house: House, caller: Caller, code: string): Promise<CatalogueColumns> {
  const entry = await findNewestEntry(house, code);
  const details = { code: code.slice(0, 40) };
  await logAccess(house, caller, { act: 'catalogue.read', outcome: entry ? 'done' : 'refused', details });
  if (!entry) throw new Fault('NOT_FOUND');
  return entry;
}

export const catalogueRoutes = [
  route({
    method: 'post',
    path: '/api/v1/catalogue',
    tag: '目录',
    zh: '登记证照目录（或其新版本）',
    en: 'Save a catalogue entry, or its next version',
    answer: catalogueAnswer,
    access: 'caller',
    body: catalogueDefinitionSchema,
    bodyBytes: ENTRY_BYTES,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => saveEntry(house, caller, body, remember),
  }),
  route({
    method: 'get',
    path: '/api/v1/catalogue',
    tag: '目录',
    zh: '目录列表',
    en: 'List the entries in force',
    answer: pageOf(catalogueAnswer),
    access: 'caller',
    query: pageQuery,
    async run({ house, caller, query }) {
      await logAccess(house, caller, { act: 'catalogue.read' });
      return listEntries(house, query);
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/catalogue/:code',
    tag: '目录',
    zh: '目录详情（最新版本）',
    en: 'The newest version of an entry',
    answer: catalogueAnswer,
    access: 'caller',
    async run({ house, caller, params }) {
      return catalogueView(await readEntry(house, caller, params.code ?? ''));
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/catalogue/:code/form',
    tag: '目录',
    zh: '填报页面（表单结构：JSON Schema 与界面提示）',
    en: 'The fill page of an entry as a form: JSON Schema 2020-12 and hints how to show it',
    answer: formAnswer,
    access: 'caller',
    async run({ house, caller, params }) {
      const entry = await readEntry(house, caller, params.code ?? '');
      return { schema: toFormSchema(entry), uiSchema: toUiSchema(entry.definition) };
    },
  }),
  route({
    method: 'post',
    path: '/api/v1/catalogue/:code/retire',
    tag: '目录',
    zh: '停用目录',
    en: 'Take an entry out of use',
    answer: catalogueAnswer,
    access: 'caller',
    body: z.strictObject({}),
    idempotent: true,
    run: ({ house, caller, params, remember }) => retireEntry(house, caller, params.code ?? '', remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/review-rules',
    tag: '印章',
    zh: '制定自动审核规则（以本单位印章密钥签名）',
    en: 'Put a review rule in force, signed with the body’s own seal key',
    answer: reviewRuleAnswer,
    access: 'caller',
    body: reviewRuleSchema,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => saveReviewRule(house, caller, body, remember),
  }),
  route({
    method: 'post',
    path: '/api/v1/review-rules/:id/withdraw',
    tag: '印章',
    zh: '撤回自动审核规则',
    en: 'Withdraw a review rule; submissions wait for a person again',
    answer: reviewRuleAnswer,
    access: 'caller',
    body: z.strictObject({}),
    idempotent: true,
    run: ({ house, caller, params, remember }) => withdrawReviewRule(house, caller, params.id ?? '', remember),
  }),
];
