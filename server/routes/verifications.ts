/** Verify a file: signatures, seals, coverage, and what the repository knows of it; as JSON, or as a page to print. */
import { z } from 'zod';
import { verifyUploaded } from '../../models/verification/index.ts';
import { printReport, reportSchema } from '../../signing/index.ts';
import { FileAnswer, route } from '../http/route.ts';
import { verificationAnswer } from './answers/verification.ts';

const FILE_BYTES = 50 * 1024 * 1024;

const toBytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text));

export const verificationRoutes = [
  route({
    method: 'post',
    path: '/api/v1/verifications',
    tag: '验证',
    zh: '验证证照文件',
    en: 'Verify a file (OFD or PDF), sent as the body',
    answer: verificationAnswer,
    access: 'caller',
    fileBytes: FILE_BYTES,
    run: ({ house, caller, file }) => verifyUploaded(house, caller, file),
  }),
  route({
    method: 'post',
    path: '/api/v1/verifications/print',
    tag: '验证',
    zh: '验证证照文件，答复可打印的一页报告',
    en: 'Verify a file (OFD or PDF), sent as the body; the answer is a page to print',
    query: z.strictObject({ file: z.string().max(200).optional() }),
    answerType: 'text/html',
    access: 'caller',
    fileBytes: FILE_BYTES,
    run: async ({ house, caller, file, query }) => {
      const report = await verifyUploaded(house, caller, file);
      const named = query.file === undefined ? report : { ...report, file: query.file };
      return new FileAnswer(toBytes(printReport(named)), 'text/html; charset=utf-8');
    },
  }),
  route({
    method: 'get',
    path: '/api/v1/schemas/verification-report.json',
    tag: '验证',
    zh: '验证报告的 JSON Schema',
    en: 'The JSON Schema of the verification report',
    answerType: 'application/schema+json',
    access: 'public',
    run: async () => new FileAnswer(toBytes(`${JSON.stringify(reportSchema(), null, 2)}\n`), 'application/schema+json'),
  }),
];
