/** An issuer's own system asks for a link to the fill page (R-40 获取填报页面): for one submission, for a short time, by one browser. */
import { z } from 'zod';
import { requireOrganisation, requireRole } from '../account/require-role.ts';
import { appendAudit } from '../audit/append-audit.ts';
import { findCurrentEntry } from '../catalogue/find-entry.ts';
import { openDraft, type Unfinished, unfinishedSchema } from '../draft/index.ts';
import type { Caller, House, Remember } from '../house.ts';
import { judgeClosingTime } from '../kernel/closing-time.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { Fault, throwFaults } from '../kernel/fault.ts';
import type { FaultCode } from '../kernel/fault-codes.ts';
import { toBase32 } from '../kernel/ids.ts';
import { writtenText } from '../kernel/written-text.ts';
import { submissionSchema } from '../licence/submission.ts';
import { requireActive } from '../organisation/require-active.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { checkReturnUrl } from './return-address.ts';
import type { FillLinkColumns } from './rows.ts';

export const CONTENT = 'fill_links.content';
export const CALLER_STATE = 'fill_links.caller_state';
const MINUTE_MS = 60_000;

export const fillLinkSchema = z.strictObject({
  catalogueCode: z.string().min(1).max(40),
  /** What is known already; the person may change it. */
  prefill: unfinishedSchema.optional(),
  /** A draft of the same system to go on with, in place of `prefill`. */
  draftId: z.string().max(40).optional(),
  caseNumber: writtenText(64).optional(),
  /** https, at a host registered for the system; left out: the page ends with the result. */
  returnUrl: z.string().max(2000).optional(),
  /** Given back as it is. */
  state: z.string().max(500).default(''),
  expiresInMinutes: z.int().min(1).max(60).default(30),
});

export interface FillLinkView {
  readonly linkId: string;
  readonly url: string;
  readonly expiresAt: string;
}

/** Throws `FORBIDDEN` for whoever is no system, `CATALOGUE_UNKNOWN`, `FOREIGN_ISSUER`, `NOT_FOUND` for another's draft, and
 *  `RETURN_HOST_UNKNOWN`. */
export async function makeFillLink(
  house: House,
  caller: Caller,
  input: z.infer<typeof fillLinkSchema>,
  remember?: Remember<FillLinkView>,
): Promise<FillLinkView> {
  requireRole(caller, 'issuer.clerk');
  if (caller.type !== 'system') throw new Fault('FORBIDDEN');
  const organisationCode = requireOrganisation(caller);
  await judge(house, caller, input);
  const content = await gather(house, caller, input);
  const token = toBase32(house.random(32));
  const now = house.clock();
  const expiresAt = new Date(now.getTime() + input.expiresInMinutes * MINUTE_MS);
  const row: FillLinkColumns = {
    ...{ id: house.newId(), tokenDigest: sm3Hex(token), browserDigest: null, applicationId: caller.id },
    ...{ organisationCode, catalogueCode: input.catalogueCode, returnUrl: input.returnUrl ?? null },
    content: house.cipher.encrypt(CONTENT, JSON.stringify(content)),
    callerState: house.cipher.encrypt(CALLER_STATE, input.state),
    ...{ draftId: input.draftId ?? null, state: 'open', licenceId: null, createdAt: now, expiresAt, endedAt: null },
  };
  const url = `${house.publicUrl}/fill/hosted/${row.id}/open/${token}`;
  const view = { linkId: row.id, url, expiresAt: expiresAt.toISOString() };
  await withTransaction(house.db, async (tx) => {
    await house.db.rows.fillLinks.create(row, { transaction: tx });
    const details = { linkId: row.id, catalogueCode: row.catalogueCode };
    await appendAudit(house, tx, caller, { act: 'fill.link', caseNumber: input.caseNumber ?? null, details });
    await remember?.(tx, view);
  });
  return view;
}

async function judge(house: House, caller: Caller, input: z.infer<typeof fillLinkSchema>): Promise<void> {
  const application = await house.db.rows.applications.findByPk(caller.id);
  const entry = await findCurrentEntry(house, input.catalogueCode);
  throwFaults([
    ...(entry ? [] : [{ pointer: '/catalogueCode', code: 'CATALOGUE_UNKNOWN' as const }]),
    ...(input.returnUrl === undefined ? [] : checkReturnUrl(input.returnUrl, application?.returnHosts ?? [])),
  ]);
  if (entry?.issuingBody !== caller.organisationCode) throw new Fault('FOREIGN_ISSUER');
  await requireActive(house, entry?.issuingBody ?? '');
}

/** It is held against whatever is filled in, so that nobody could mend it on the page. */
function judgeStatedTime(closedAt: string, now: Date): FaultCode | undefined {
  return submissionSchema.shape.closedAt.safeParse(closedAt).success
    ? judgeClosingTime(closedAt, now)
    : 'DATE_IMPOSSIBLE';
}

/** What a link holds, encrypted. */
export type LinkContent = Unfinished & { readonly stated?: CaseFacts };
/** Of the case: the system says it, whatever is filled in or was put aside. */
export type CaseFacts = Pick<Unfinished, 'caseNumber' | 'closedAt'>;

async function gather(house: House, caller: Caller, input: z.infer<typeof fillLinkSchema>): Promise<LinkContent> {
  const draft = input.draftId === undefined ? undefined : await openDraft(house, caller, input.draftId);
  if (draft && draft.catalogueCode !== input.catalogueCode) throw new Fault('NOT_FOUND');
  const known = draft?.submission ?? input.prefill ?? {};
  const [{ caseNumber }, { closedAt }] = [input, known];
  const wrong = closedAt === undefined ? undefined : judgeStatedTime(closedAt, house.clock());
  const pointer = draft ? '/draftId' : '/prefill/closedAt';
  if (wrong) throwFaults([{ pointer, code: wrong, ...(draft ? { detail: `closedAt ${closedAt}` } : {}) }]);
  const stated = {
    ...(caseNumber === undefined ? {} : { caseNumber }),
    ...(closedAt === undefined ? {} : { closedAt }),
  };
  return { ...known, stated };
}
