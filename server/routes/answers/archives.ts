/** Answers about archive batches and prints. */
import { z } from 'zod';
import { ARCHIVE_STATES } from '../../../models/archive/index.ts';

export const archiveAnswer = z.strictObject({
  archiveId: z.string(),
  number: z.string().describe('批次号'),
  purpose: z.enum(['issued', 'used']),
  criteria: z.strictObject({
    from: z.string().optional(),
    to: z.string().optional(),
    catalogueCode: z.string().optional(),
    caseNumber: z.string().optional(),
    matterCode: z.string().optional(),
  }),
  state: z.enum(ARCHIVE_STATES),
  items: z.number(),
  volumes: z.number(),
  fault: z.string().nullable(),
  createdAt: z.string(),
  endedAt: z.string().nullable(),
});

export const archiveVolumeAnswer = z.strictObject({
  volume: z.number(),
  number: z.string().describe('载体编号'),
  fileName: z.string(),
  sizeBytes: z.number(),
  sm3: z.string(),
  contentSm3: z.string(),
  items: z.number(),
  createdAt: z.string(),
});

export const licenceArchiveAnswer = z.strictObject({
  archiveId: z.string(),
  number: z.string().describe('档号'),
  archivedAt: z.string(),
});

export const printAnswer = z.strictObject({
  serial: z.string().describe('打印编号'),
  identifier: z.string(),
  purpose: z.string(),
  printedAt: z.string(),
  sm3: z.string(),
});
