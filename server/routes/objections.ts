/** Objections: filed, evidence, handled, answered, corrected, withdrawn, reminded of, followed. */
import { z } from 'zod';
import { writtenText } from '../../models/kernel/written-text.ts';
import {
  addEvidence,
  admitEvidence,
  answerObjection,
  answerSchema,
  assignObjection,
  correctionPlanSchema,
  correctionSchema,
  correctObjection,
  EVIDENCE_TYPES,
  fileObjection,
  getEvidence,
  handlerSchema,
  listObjections,
  MOST_EVIDENCE_BYTES,
  objectionFilterSchema,
  objectionSchema,
  planCorrection,
  readObjection,
  reminderSchema,
  remindIssuer,
  withdrawalSchema,
  withdrawObjection,
} from '../../models/objection/index.ts';
import { FileAnswer, route } from '../http/route.ts';
import { evidenceAnswer, objectionAnswer, objectionSummaryAnswer } from './answers/objection.ts';
import { pageOf } from './answers/page.ts';
import { pageQuery } from './paging.ts';

const common = { tag: '异议', access: 'caller' } as const;
const ONE = '/api/v1/objections/:number';

/** What both sides do. */
const courseRoutes = [
  route({
    ...common,
    method: 'post',
    path: '/api/v1/objections',
    zh: '提出异议（当即告知编号和答复期限）',
    en: 'File an objection; the issuer answers within 5 working days, and until it is closed the licence is disputed',
    answer: objectionAnswer,
    body: objectionSchema,
    status: 201,
    idempotent: true,
    run: ({ house, caller, body, remember }) => fileObjection(house, caller, body, remember),
  }),
  route({
    ...common,
    method: 'get',
    path: '/api/v1/objections',
    zh: '异议列表（本人提出的、本单位应答复的；主管部门可见全部）',
    en: 'Objections by state and by what runs out: filed by oneself, to be answered by one’s body, or all for the bureau',
    answer: pageOf(objectionSummaryAnswer),
    query: pageQuery.extend(objectionFilterSchema.shape),
    run: ({ house, caller, query }) => listObjections(house, caller, query),
  }),
  route({
    ...common,
    method: 'get',
    path: ONE,
    zh: '查询异议办理过程',
    en: 'The course of an objection',
    answer: objectionAnswer,
    run: ({ house, caller, params }) => readObjection(house, caller, params.number ?? ''),
  }),
  route({
    ...common,
    method: 'post',
    path: `${ONE}/evidence`,
    zh: '提交证据材料（PDF、OFD、PNG、JPEG，每件不超过 10 MB，每方不超过 5 件）',
    en: 'Hand in a file of evidence: PDF, OFD, PNG or JPEG by content, 10 MB each, 5 of each side',
    answer: evidenceAnswer,
    query: z.strictObject({ name: writtenText(200) }),
    upload: {
      mostBytes: MOST_EVIDENCE_BYTES,
      admit: ({ house, caller, params }) => admitEvidence(house, caller, params.number ?? ''),
      nameOf: ({ name }) => name,
    },
    status: 201,
    idempotent: true,
    run: ({ house, caller, params, received, remember }) =>
      addEvidence(house, caller, params.number ?? '', received, remember),
  }),
  route({
    ...common,
    method: 'get',
    path: `${ONE}/evidence/:evidenceId`,
    zh: '下载证据材料',
    en: 'One file of evidence',
    answerType: 'application/octet-stream',
    async run({ house, caller, params }) {
      const { bytes, format, digest } = await getEvidence(house, caller, params.number ?? '', params.evidenceId ?? '');
      return new FileAnswer(bytes, EVIDENCE_TYPES[format], `${digest.slice(0, 16)}.${format}`);
    },
  }),
  route({
    ...common,
    method: 'post',
    path: `${ONE}/withdraw`,
    zh: '撤回异议（答复之前）',
    en: 'Take an objection back before it is answered',
    answer: objectionAnswer,
    body: withdrawalSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) =>
      withdrawObjection(house, caller, params.number ?? '', body, remember),
  }),
];

/** What the issuer and the bureau do. */
const deskRoutes = [
  route({
    ...common,
    method: 'post',
    path: `${ONE}/handler`,
    zh: '指定承办人',
    en: 'Name who handles an objection',
    answer: objectionAnswer,
    body: handlerSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) =>
      assignObjection(house, caller, params.number ?? '', body, remember),
  }),
  route({
    ...common,
    method: 'post',
    path: `${ONE}/answer`,
    zh: '答复异议（逾期须说明原因；成立的须更正）',
    en: 'Answer an objection: upheld, to be corrected, or rejected; late with the reason why',
    answer: objectionAnswer,
    body: answerSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) =>
      answerObjection(house, caller, params.number ?? '', body, remember),
  }),
  route({
    ...common,
    method: 'post',
    path: `${ONE}/plan`,
    zh: '说明如何更正',
    en: 'Say how the licence will be corrected after an objection was upheld',
    answer: objectionAnswer,
    body: correctionPlanSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) =>
      planCorrection(house, caller, params.number ?? '', body, remember),
  }),
  route({
    ...common,
    method: 'post',
    path: `${ONE}/correction`,
    zh: '关联更正（该证照在异议成立之后的变更记录序号）',
    en: 'Link the change of the licence that corrects it, by its sequence',
    answer: objectionAnswer,
    body: correctionSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) =>
      correctObjection(house, caller, params.number ?? '', body, remember),
  }),
  route({
    ...common,
    method: 'post',
    path: `${ONE}/reminders`,
    zh: '催办异议',
    en: 'Remind the issuer of an objection',
    answer: objectionAnswer,
    body: reminderSchema,
    idempotent: true,
    run: ({ house, caller, params, body, remember }) =>
      remindIssuer(house, caller, params.number ?? '', body, remember),
  }),
];

export const objectionRoutes = [...courseRoutes, ...deskRoutes];
