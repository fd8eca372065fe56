/** Ask an applicant for paper (第十六条): not for what can be had here, unless a law, regulation or rule demands it. Every attempt is kept,
 *  also one that is refused. */
import { z } from 'zod';
import { appendAudit, logAccess } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import { writtenText } from '../kernel/written-text.ts';
import type { BoundUse } from '../sharing/get-use.ts';
import { factsOf, openBoundUse } from '../sharing/within-use.ts';
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
  if (exception && !NAMED.test(exception.legalBasis))
    throwFaults([{ pointer: '/exception/legalBasis', code: 'LEGAL_BASIS_UNNAMED' }]);
  const row = compose(house, caller, bound, input, asked);
  const view = viewRequest(row);
  const refused = row.outcome === 'refused';
  await withTransaction(house.db, async (tx) => {
    await house.db.rows.paperRequests.create(row, { transaction: tx });
    if (!refused) await remember?.(tx, view);
    const details = { paperRequestId: row.id, useId: bound.use.id, catalogueCode, outcome: row.outcome };
    const outcome = refused ? 'refused' : 'done';
    await appendAudit(house, tx, caller, { ...factsOf(bound), act: 'paper.ask', outcome, details });
  });
  if (refused) throw new Fault('PAPER_NOT_NEEDED');
  return view;
}

function compose(
  house: House,
  caller: Caller,
  { use }: BoundUse,
  { catalogueCode, reason, exception }: Input,
  { obtainable, why }: Pick<PaperRequestColumns, 'obtainable' | 'why'>,
): PaperRequestColumns {
  const { organisationCode, matterCode, caseNumber, holderIndex } = use;
  return {
    ...{ id: house.newId(), organisationCode, matterCode, caseNumber, catalogueCode, holderIndex, obtainable, why },
    outcome: !obtainable ? 'asked' : exception ? 'excepted' : 'refused',
    ...{ legalBasis: exception?.legalBasis ?? null, exceptionWords: exception?.words ?? null, reason },
    ...{ askedBy: caller.id, askedAt: house.clock() },
    ...{ tenable: null, judgement: null, judgedBy: null, judgedAt: null },
  };
}
