/** A holder reports: paper was asked of me (第十六条). What the repository knows of that day is kept with it. */
import { z } from 'zod';
import { requireRole } from '../account/require-role.ts';
import { appendAudit, logAccess } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { isRealDate, toShanghaiDate } from '../kernel/clock.ts';
import { Fault, type PointedFault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import { tellRecipients } from '../notice/index.ts';
import { readRows } from '../store/bulk-read.ts';
import { isDuplicate, type Tx, withTransaction } from '../store/with-transaction.ts';
import { wasObtainable } from './find-obtainable.ts';
import type { PaperReportColumns } from './rows.ts';
import { type PaperReportView, viewReport } from './view-report.ts';

export const paperReportSchema = z.strictObject({
  organisationCode: z.string().length(18),
  matter: z.string().min(1).max(64).optional(),
  catalogueCode: z.string().min(1).max(40),
  /** Day in Asia/Shanghai. */
  askedOn: z.string().max(20),
  words: writtenText(2000, 4),
});
type Input = z.infer<typeof paperReportSchema>;

/** Throws `NOT_FOUND` for a caller who is no holder, or for an unknown body or matter; `CATALOGUE_UNKNOWN`, `DATE_IMPOSSIBLE`,
 *  `PAPER_DAY_TO_COME`, `PAPER_REPORTED`. */
export async function reportPaper(
  house: House,
  caller: Caller,
  input: Input,
  remember?: Remember<PaperReportView>,
): Promise<PaperReportView> {
  requireRole(caller, 'holder');
  const holder = caller.holderId ? await house.db.rows.holders.findByPk(caller.holderId) : null;
  if (!holder) {
    await logAccess(house, caller, { act: 'paper.report', outcome: 'refused' });
    throw new Fault('NOT_FOUND');
  }
  throwFaults(await judge(house, input));
  const row = await compose(house, holder.id, holder.numberIndex, input);
  const view = viewReport(row);
  await withTransaction(house.db, async (tx) => {
    await create(house, tx, row);
    const { number, organisationCode, catalogueCode } = row;
    const facts = { reportId: row.id, number, organisationCode, catalogueCode };
    const notice = { kind: 'paper.reported', subjectId: number, stage: 'filed', facts } as const;
    await tellRecipients(house, tx, [{ to: 'bureau', ...notice }]);
    await remember?.(tx, view);
    await appendAudit(house, tx, caller, { act: 'paper.report', holderIndex: holder.numberIndex, details: facts });
  });
  return view;
}

async function judge(
  house: House,
  { organisationCode, matter, catalogueCode, askedOn }: Input,
): Promise<PointedFault[]> {
  const { organisations, matters, catalogueEntries } = house.db.rows;
  const real = isRealDate(askedOn);
  const toCome = real && askedOn > toShanghaiDate(house.clock());
  const body = await organisations.findByPk(organisationCode);
  const [known] = await readRows(catalogueEntries, { where: { code: catalogueCode }, limit: 1 });
  const lost = matter !== undefined && !(await matters.findOne({ where: { code: matter, organisationCode } }));
  return [
    ...(body ? [] : [{ pointer: '/organisationCode', code: 'NOT_FOUND' as const }]),
    ...(body && lost ? [{ pointer: '/matter', code: 'MATTER_UNKNOWN' as const }] : []),
    ...(known ? [] : [{ pointer: '/catalogueCode', code: 'CATALOGUE_UNKNOWN' as const }]),
    ...(real ? [] : [{ pointer: '/askedOn', code: 'DATE_IMPOSSIBLE' as const, detail: askedOn }]),
    ...(toCome ? [{ pointer: '/askedOn', code: 'PAPER_DAY_TO_COME' as const }] : []),
  ];
}

async function compose(
  house: House,
  holderId: string,
  holderIndex: string,
  { organisationCode, matter, catalogueCode, askedOn, words }: Input,
): Promise<PaperReportColumns> {
  const { paperRequests } = house.db.rows;
  const where = { organisationCode, holderIndex, catalogueCode, outcome: 'excepted' as const };
  const [exception] = await readRows(paperRequests, { where, limit: 1 });
  const [id, filedAt] = [house.newId(), house.clock()];
  return {
    ...{ id, number: `ZZ${toShanghaiDate(filedAt).replaceAll('-', '')}${id.slice(-8)}`, holderId, organisationCode },
    ...{ matterCode: matter ?? null, catalogueCode, askedOn, text: words, excepted: exception !== undefined },
    obtainable: await wasObtainable(house, { holderId, catalogueCode, askedOn }),
    ...{ state: 'filed', judgement: null, judgedBy: null, judgedAt: null, filedAt },
    onceKey: [holderId, organisationCode, catalogueCode, askedOn].join('|'),
  };
}

/** Of two at once one is taken. */
async function create(house: House, tx: Tx, row: PaperReportColumns): Promise<void> {
  try {
    await house.db.rows.paperReports.create(row, { transaction: tx });
  } catch (error) {
    throw isDuplicate(error) ? new Fault('PAPER_REPORTED') : error;
  }
}
