/** The sheet of closing notices (办结通知, R-32): cases that were closed and whose licences are still to come, for a department without
 *  an interface. A row says what `POST /api/v1/cases` says. */
import { z } from 'zod';
import type { CatalogueColumns } from '../../models/catalogue/index.ts';
import { closingNoticeSchema } from '../../models/deadline/index.ts';
import { toInstant } from './licence-kind.ts';
import type { SheetKind } from './sheet-kind.ts';

const MODES = { 线上: 'online', 线下: 'offline', 批量: 'batch' } as const;
const written = { required: false, judgedLater: true };

/** 办件编号, 目录编码, 办结方式, 办结时间, 线下办理原因, 批次条数. */
export function caseKind({ definition, code }: Pick<CatalogueColumns, 'definition' | 'code'>): SheetKind {
  return {
    name: `${definition.name.slice(0, 25)}办结通知`,
    fileName: `${code}-case.xlsx`,
    columns: [
      {
        ...written,
        pointer: '/caseNumber',
        heading: '办件编号',
        required: true,
        hint: '必填',
        width: 22,
        example: '样例',
      },
      { ...written, pointer: '/catalogueCode', heading: '目录编码', hint: `空为${code}`, width: 26 },
      {
        ...{ pointer: '/mode', heading: '办结方式', required: true, hint: '从列表中选择', codes: MODES, width: 10 },
        example: '线下',
      },
      {
        ...{ ...written, pointer: '/closedAt', heading: '办结时间', required: true, normalise: toInstant, width: 20 },
        ...{ hint: '如2026-03-01 10:00，北京时间', example: '2026-03-01 10:00' },
      },
      {
        ...{ ...written, pointer: '/offlineReason', heading: '线下办理原因', width: 30 },
        ...{ hint: '线下办理必填：无网络等', example: '样例' },
      },
      { ...written, pointer: '/batchSize', heading: '批次条数', hint: '批量办理填写，整数', width: 10 },
    ],
  };
}

/** A cell is text, also where it holds a number. */
export const caseRowSchema = closingNoticeSchema.extend({
  batchSize: z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(closingNoticeSchema.shape.batchSize.unwrap())
    .optional(),
});
