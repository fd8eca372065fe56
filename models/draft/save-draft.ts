/** Put a begun submission aside, or again (草稿). Nothing of it is judged. */
import { z } from 'zod';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { type Tx, withTransaction } from '../store/with-transaction.ts';
import { sealContent, type Unfinished, unfinishedSchema } from './draft-content.ts';
import { getOwnDraft, getOwnEntry, requireDrafter } from './own-draft.ts';
import { type DraftView, viewDraft } from './view-draft.ts';

export const draftSchema = z.strictObject({ catalogueCode: z.string().min(1).max(40), submission: unfinishedSchema });
export const draftChangeSchema = z.strictObject({ submission: unfinishedSchema });

/** Of one owner and catalogue entry. A system stands for all the people who fill in its forms. */
const mostDrafts = ({ type }: Caller): number => (type === 'system' ? 10_000 : 200);

/** Throws `FORBIDDEN`, `CATALOGUE_UNKNOWN`, `FOREIGN_ISSUER`, `DRAFTS_FULL`, `REQUEST_INVALID` for one too large. */
export async function saveDraft(
  house: House,
  caller: Caller,
  draft: z.infer<typeof draftSchema>,
  remember?: Remember<DraftView>,
): Promise<DraftView> {
  requireDrafter(caller);
  return withTransaction(house.db, async (tx) => {
    const view = await addDraft(house, tx, caller, draft);
    await remember?.(tx, view);
    return view;
  });
}

/** In a transaction that does more. Throws as `saveDraft`. */
export async function addDraft(
  house: House,
  tx: Tx,
  caller: Caller,
  { catalogueCode, submission }: z.infer<typeof draftSchema>,
): Promise<DraftView> {
  const owner = requireDrafter(caller);
  const entry = await getOwnEntry(house, tx, caller, catalogueCode);
  const content = sealContent(house, submission);
  const { drafts } = house.db.rows;
  const kept = await drafts.count({ where: { owner, catalogueCode }, transaction: tx });
  if (kept >= mostDrafts(caller)) throw new Fault('DRAFTS_FULL');
  const now = house.clock();
  const common = { id: house.newId(), owner, organisationCode: entry.issuingBody, catalogueCode };
  const row = { ...common, catalogueVersion: entry.version, content, createdAt: now, updatedAt: now };
  await drafts.create(row, { transaction: tx });
  await appendAudit(house, tx, caller, { act: 'draft.save', details: { draftId: row.id, catalogueCode } });
  return viewDraft(row);
}

/** From now on it is one of the entry's version of today. Throws `NOT_FOUND`, `REQUEST_INVALID` for one too large. */
export async function changeDraft(
  house: House,
  caller: Caller,
  id: string,
  submission: Unfinished,
  remember?: Remember<DraftView>,
): Promise<DraftView> {
  requireDrafter(caller);
  return withTransaction(house.db, async (tx) => {
    const view = await replaceDraft(house, tx, caller, id, submission);
    await remember?.(tx, view);
    return view;
  });
}

/** In a transaction that does more. Throws as `changeDraft`. */
export async function replaceDraft(
  house: House,
  tx: Tx,
  caller: Caller,
  id: string,
  submission: Unfinished,
): Promise<DraftView> {
  const row = await getOwnDraft(house, caller, id, tx);
  const { version: catalogueVersion } = await getOwnEntry(house, tx, caller, row.catalogueCode);
  const content = sealContent(house, submission);
  await row.update({ content, catalogueVersion, updatedAt: house.clock() }, { transaction: tx });
  const { catalogueCode } = row;
  await appendAudit(house, tx, caller, { act: 'draft.save', details: { draftId: id, catalogueCode } });
  return viewDraft(row.get());
}
