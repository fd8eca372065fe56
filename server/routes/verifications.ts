/** Verify a file: signatures, seals, coverage, and what the repository knows of it. */
import { verifyUploaded } from '../../models/verification/index.ts';
import { route } from '../http/route.ts';
import { verificationAnswer } from './answers/supervision.ts';

const FILE_BYTES = 50 * 1024 * 1024;

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
];
