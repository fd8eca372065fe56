/** The preview picture of a face: drawn at the first preview, kept by content ever after (PNG). The face of a licence that is
 *  not valid, or in dispute, is shown with that in large letters across every page. */
import type { FaceLayout } from '../../signing/index.ts';
import { getEntryVersion } from '../catalogue/find-entry.ts';
import type { House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { findDisputed } from '../objection/find-disputed.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { composeFaceContent, composeIssueFacts } from './compose-sealing-task.ts';
import { findHolders } from './find-holders.ts';
import { findSealing } from './find-sealing.ts';
import { getStanding } from './find-standing.ts';
import type { LicenceColumns } from './rows.ts';
import { LICENCE_STATUSES } from './states.ts';

export const PREVIEW_DPI = 110;

export interface Preview {
  readonly png: Uint8Array;
  readonly pages: number;
}

/** Throws `NOT_FOUND` for a page the face does not have, or a licence that the department sealed itself (no face here). */
export async function drawPreview(house: House, licence: LicenceColumns, page: number): Promise<Preview> {
  if (AWAITED.includes(licence.state)) return drawProof(house, licence, page);
  const { identifier, verificationCode, issuedOn } = licence;
  const sealing = await findSealing(house, licence.id);
  if (!identifier || !verificationCode || !issuedOn || !sealing) throw new Fault('NOT_FOUND');
  const entry = await getEntryVersion(house, licence.catalogueCode, licence.catalogueVersion);
  const layout = entry.definition.face as FaceLayout;
  const pages = layout.pages.length;
  if (page < 0 || page >= pages) throw new Fault('NOT_FOUND');
  const { previews } = house.db.rows;
  const status = (await getStanding(house, licence)) ?? 'voided';
  const disputed = (await findDisputed(house, [licence])).has(licence.id);
  const marks = [...(status === 'valid' ? [] : [status]), ...(disputed ? ['disputed'] : [])];
  const id = [licence.id, page, ...marks].join(':');
  const kept = await previews.findByPk(id);
  if (kept) return { png: await house.blobs.get(kept.digest), pages };
  const { validFrom, validTo } = licence;
  const facts = { identifier, verificationCode, issuedOn, validFrom, validTo };
  const holders = await findHolders(house, licence.id);
  const content = await composeFaceContent(house, licence, holders, entry, facts);
  const words = [...(status === 'valid' ? [] : [LICENCE_STATUSES[status].zh]), ...(disputed ? [DISPUTED] : [])];
  const marked = markAcross(layout, words.join('\n'));
  const png = await house.sealer.preview({ layout: marked, content, page, dpi: PREVIEW_DPI, ...sealing });
  await keepPreview(house, id, await house.blobs.put(png));
  return { png, pages };
}

const AWAITED: readonly LicenceColumns['state'][] = ['submitted', 'reviewed', 'sealing'];
const PROOF_MARK = '待签章';

/** What would be sealed today: without seal and identifier, marked across, never kept. */
async function drawProof(house: House, licence: LicenceColumns, page: number): Promise<Preview> {
  const entry = await getEntryVersion(house, licence.catalogueCode, licence.catalogueVersion);
  const layout = entry.definition.face as FaceLayout;
  const pages = layout.pages.length;
  if (page < 0 || page >= pages) throw new Fault('NOT_FOUND');
  const facts = composeIssueFacts(house, licence, entry, { identifier: '', verificationCode: 'PROOF' });
  const content = await composeFaceContent(house, licence, await findHolders(house, licence.id), entry, facts);
  const marked = markAcross(layout, PROOF_MARK);
  return { png: await house.sealer.preview({ layout: marked, content, page, dpi: PREVIEW_DPI }), pages };
}

const MARK_COLOUR = '#c02020';
const DISPUTED = '有异议';

/** Words in a quarter of the page's smaller side, over everything else; nothing where there are none. */
function markAcross(layout: FaceLayout, words: string): FaceLayout {
  if (words === '') return layout;
  const pages = layout.pages.map((page) => {
    const { widthMm, heightMm } = page;
    const mark = {
      kind: 'text',
      text: words,
      box: [widthMm * 0.05, heightMm * 0.3, widthMm * 0.9, heightMm * 0.4] as const,
      sizeMm: Math.min(widthMm, heightMm) / 4,
      minSizeMm: 2,
      align: 'center',
      verticalAlign: 'middle',
      colour: MARK_COLOUR,
      font: 'sans-bold',
    } as const;
    return { ...page, items: [...page.items, mark] };
  });
  return { pages };
}

async function keepPreview(house: House, id: string, digest: string): Promise<void> {
  await withTransaction(house.db, (tx) =>
    house.db.rows.previews.create({ id, digest }, { transaction: tx, ignoreDuplicates: true }),
  );
}
