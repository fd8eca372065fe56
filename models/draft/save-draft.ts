/** Put a begun submission aside, or again (草稿). Nothing of it is judged. */
import { z } from 'zod';
import { appendAudit } from '../audit/append-audit.ts';
import type { Caller, House, Remember } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { sealContent, type Unfinished, unfinishedSchema } from './draft-content.ts';
import { getOwnDraft, getOwnEntry, requireDrafter } from './own-draft.ts';
import { type DraftView, viewDraft } from './view-draft.ts';

export const draftSchema = z.strictObject({ catalogueCode: z.string().min(1).max(40), submission: unfinishedSchema });
export const draftChangeSchema = z.strictObject({ submission: unfinishedSchema });

const MOST_DRAFTS = 200;

/** Throws `FORBIDDEN`, `CATALOGUE_UNKNOWN`, `FOREIGN_ISSUER`, `DRAFTS_FULL`. */
export async function saveDraft(
  house: House,
  caller: Caller,
  { catalogueCode, submission }: z.infer<typeof draftSchema>,
  remember?: Remember<DraftView>,
): Promise<DraftView> {
  const owner = requireDrafter(caller);
  const entry = await getOwnEntry(house, caller, catalogueCode);
  const content = sealContent(house, submission);
  const { drafts } = house.db.rows;
  return withTransaction(house.db, async (tx) => {
    if ((await drafts.count({ where: { owner }, transaction: tx })) >= MOST_DRAFTS) throw new Fault('DRAFTS_FULL');
    const now = house.clock();
    const common = { id: house.newId(), owner, organisationCode: entry.issuingBody, catalogueCode };
    const row = { ...common, catalogueVersion: entry.version, content, createdAt: now, updatedAt: now };
    await drafts.create(row, { transaction: tx });
    await appendAudit(house, tx, caller, { act: 'draft.save', details: { draftId: row.id, catalogueCode } });
    const view = viewDraft(row);
    await remember?.(tx, view);
    return view;
  });
}

/** From now on it is one of the entry's version of today. Throws `NOT_FOUND`. */
export async function changeDraft(
  house: House,
  caller: Caller,
  id: string,
  submission: Unfinished,
  remember?: Remember<DraftView>,
): Promise<DraftView> {
  requireDrafter(caller);
  return withTransaction(house.db, async (tx) => {
    const row = await getOwnDraft(house, caller, id, tx);
    const { version: catalogueVersion } = await getOwnEntry(house, caller, row.catalogueCode);
    const content = sealContent(house, submission);
    await row.update({ content, catalogueVersion, updatedAt: house.clock() }, { transaction: tx });
    const { catalogueCode } = row;
    await appendAudit(house, tx, caller, { act: 'draft.save', details: { draftId: id, catalogueCode } });
    const view = viewDraft(row.get());
    await remember?.(tx, view);
    return view;
  });
}
