/** Read one's own drafts: the list without contents, and one with them, what its entry has changed since, and, when asked, everything
 *  that still stands between it and a submission. */
import { Op } from 'sequelize';
import { logAccess } from '../audit/append-audit.ts';
import { findCurrentEntry, getEntryVersion } from '../catalogue/find-entry.ts';
import type { Caller, House } from '../house.ts';
import { describeFault, type PointedFault } from '../kernel/fault.ts';
import { type Page, type PageRequest, pageLimit, toPage } from '../kernel/page.ts';
import { judgeSubmissions } from '../licence/judge-submissions.ts';
import { compareVersions, type VersionChange } from './compare-versions.ts';
import { openContent, type Unfinished } from './draft-content.ts';
import { getOwnDraft, requireDrafter } from './own-draft.ts';
import type { DraftColumns } from './rows.ts';
import { type DraftView, viewDraft } from './view-draft.ts';

export interface OpenedDraft extends DraftView {
  readonly submission: Unfinished;
  /** Null: the entry is as it was. */
  readonly versionChange: VersionChange | null;
  /** Null: nobody asked. */
  readonly faults: readonly (PointedFault & { readonly zh: string; readonly en: string })[] | null;
}

/** Newest first. */
export async function listDrafts(
  house: House,
  caller: Caller,
  request: PageRequest & { readonly catalogueCode?: string | undefined } = {},
): Promise<Page<DraftView>> {
  const owner = requireDrafter(caller);
  await logAccess(house, caller, { act: 'draft.read' });
  const limit = pageLimit(request);
  const where = {
    owner,
    ...(request.catalogueCode ? { catalogueCode: request.catalogueCode } : {}),
    ...(request.after ? { id: { [Op.lt]: request.after } } : {}),
  };
  const { drafts } = house.db.rows;
  const rows = await drafts.findAll({
    where,
    attributes: { exclude: ['content'] },
    order: [['id', 'DESC']],
    limit: limit + 1,
  });
  return toPage(
    rows.map((row) => viewDraft(row.get())),
    limit,
    ({ draftId }) => draftId,
  );
}

/** Throws `NOT_FOUND`. */
export async function openDraft(
  house: House,
  caller: Caller,
  id: string,
  { withFaults = false }: { readonly withFaults?: boolean } = {},
): Promise<OpenedDraft> {
  const row = (await getOwnDraft(house, caller, id)).get();
  await logAccess(house, caller, { act: 'draft.read', details: { draftId: id } });
  const submission = openContent(house, row);
  return {
    ...viewDraft(row),
    submission,
    versionChange: await findChange(house, row),
    faults: withFaults ? await findFaults(house, caller, row.catalogueCode, submission) : null,
  };
}

async function findChange(house: House, row: DraftColumns): Promise<VersionChange | null> {
  const entry = await findCurrentEntry(house, row.catalogueCode);
  if (!entry || entry.version === row.catalogueVersion) return null;
  return compareVersions(await getEntryVersion(house, row.catalogueCode, row.catalogueVersion), entry);
}

async function findFaults(house: House, caller: Caller, catalogueCode: string, submission: Unfinished) {
  const item = { body: { catalogueCode, ...submission }, from: { source: 'form' as const } };
  const [judged] = await judgeSubmissions(house, caller, [item]);
  if (!judged || !('fault' in judged)) return [];
  const { errors, code } = judged.fault;
  const all = errors.length > 0 ? errors : [{ pointer: '', code }];
  return all.map((fault) => ({ ...fault, ...describeFault(fault) }));
}
