/** Ask an applicant for paper (第十六条): not for what can be had here, unless a law, regulation or rule demands it. Every attempt is in the
 *  access log; one that is refused is kept as well, once for a use, type and day. */
import { z } from 'zod';
import { appendAudit, logAccess } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import type { BoundUse } from '../sharing/get-use.ts';
import { factsOf, openBoundUse } from '../sharing/within-use.ts';
import { readRows } from '../store/bulk-read.ts';
import { insertMissing } from '../store/bulk-write.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { findObtainable } from './find-obtainable.ts';
import type { PaperRequestColumns } from './rows.ts';
import { type PaperRequestView, viewRequest } from './view-request.ts';

export const paperRequestSchema = z.strictObject({
  useCode: z.string().min(10).max(64),
  catalogueCode: z.string().min(1).max(40),
  reason: writtenText(1000, 2),
  exception: z
    .strictObject({
      /** Names the law, regulation or rule: 《…》第…条. */
      legalBasis: writtenText(500, 4),
      words: writtenText(1000, 2),
    })
    .optional(),
});
type Input = z.infer<typeof paperRequestSchema>;

const NAMED = /《[^《》]{2,}》/;

/** Throws `USE_UNKNOWN`, `USE_EXPIRED`, `CATALOGUE_UNKNOWN` for a type the matter does not ask for, `LEGAL_BASIS_UNNAMED`, and
 *  `PAPER_NOT_NEEDED` for what can be had here without an exception. */
export async function askForPaper(
  house: House,
  caller: Caller,
  input: Input,
  remember?: Remember<PaperRequestView>,
): Promise<PaperRequestView> {
  const bound = await openBoundUse(house, caller, 'paper.ask', input.useCode);
  const { catalogueCode, exception } = input;
  const asked = (await findObtainable(house, bound)).find((one) => one.catalogueCode === catalogueCode);
  if (!asked) {
    await logAccess(house, caller, {
      ...factsOf(bound),
      act: 'paper.ask',
      outcome: 'refused',
      details: { catalogueCode },
    });
    throw new Fault('REQUEST_INVALID', { errors: [{ pointer: '/catalogueCode', code: 'CATALOGUE_UNKNOWN' }] });
  }
  const unnamed = exception !== undefined && !NAMED.test(exception.legalBasis);
  const row = compose(house, caller, bound, input, asked, unnamed);
  const view = viewRequest(row);
  const refused = unnamed || row.outcome === 'refused';
  await withTransaction(house.db, async (tx) => {
    // What needs no exception is not kept for an exception that is badly stated.
    const kept = refused && !asked.obtainable ? [] : [row];
    await insertMissing(house.db, tx, house.db.rows.paperRequests, 'id', kept);
    if (!refused) await remember?.(tx, view);
    const [first] = row.onceKey
      ? await readRows(house.db.rows.paperRequests, { where: { onceKey: row.onceKey }, attributes: ['id'], tx })
      : kept;
    const details = { paperRequestId: first?.id ?? null, useId: bound.use.id, catalogueCode, outcome: row.outcome };
    const outcome = refused ? 'refused' : 'done';
    await appendAudit(house, tx, caller, { ...factsOf(bound), act: 'paper.ask', outcome, details });
  });
  if (unnamed) throwFaults([{ pointer: '/exception/legalBasis', code: 'LEGAL_BASIS_UNNAMED' }]);
  if (refused) throw new Fault('PAPER_NOT_NEEDED');
  return view;
}

function compose(
  house: House,
  caller: Caller,
  { use }: BoundUse,
  { catalogueCode, reason, exception }: Input,
  { obtainable, why }: Pick<PaperRequestColumns, 'obtainable' | 'why'>,
  unnamed: boolean,
): PaperRequestColumns {
  const { organisationCode, matterCode, caseNumber, holderIndex } = use;
  const outcome = !obtainable ? 'asked' : exception && !unnamed ? 'excepted' : 'refused';
  const day = toShanghaiDate(house.clock());
  return {
    ...{ id: house.newId(), organisationCode, matterCode, caseNumber, catalogueCode, holderIndex, obtainable, why },
    ...{ outcome, onceKey: outcome === 'refused' ? [use.id, catalogueCode, day].join('|') : null },
    ...{ legalBasis: exception?.legalBasis ?? null, exceptionWords: exception?.words ?? null, reason },
    ...{ askedBy: caller.id, askedAt: house.clock() },
    ...{ tenable: null, judgement: null, judgedBy: null, judgedAt: null },
  };
}
