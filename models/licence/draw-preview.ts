/** The preview picture of a face: drawn at the first preview, kept by content ever after (PNG). */
import { drawPng, type FaceLayout, layOutFace } from '../../signing/index.ts';
import { getEntryVersion } from '../catalogue/find-entry.ts';
import type { House } from '../house.ts';
import { Fault } from '../kernel/fault.ts';
import { withTransaction } from '../store/with-transaction.ts';
import { composeFaceContent } from './compose-sealing-task.ts';
import { findHolders } from './find-holders.ts';
import type { LicenceColumns } from './rows.ts';

export const PREVIEW_DPI = 110;

export interface Preview {
  readonly png: Uint8Array;
  readonly pages: number;
}

/** Throws `NOT_FOUND` for a page the face does not have, or a licence that the department sealed itself (no face here). */
export async function drawPreview(house: House, licence: LicenceColumns, page: number): Promise<Preview> {
  const { identifier, verificationCode, issuedOn } = licence;
  if (!identifier || !verificationCode || !issuedOn) throw new Fault('NOT_FOUND');
  const entry = await getEntryVersion(house, licence.catalogueCode, licence.catalogueVersion);
  const layout = entry.definition.face as FaceLayout;
  const pages = layout.pages.length;
  if (page < 0 || page >= pages) throw new Fault('NOT_FOUND');
  const { previews } = house.db.rows;
  const id = `${licence.id}:${page}`;
  const kept = await previews.findByPk(id);
  if (kept) return { png: await house.blobs.get(kept.digest), pages };
  const { validFrom, validTo } = licence;
  const facts = { identifier, verificationCode, issuedOn, validFrom, validTo };
  const holders = await findHolders(house, licence.id);
  const face = layOutFace(layout, await composeFaceContent(house, licence, holders, entry, facts), house.fonts);
  const seal = await house.db.rows.seals.findOne({
    where: { organisationCode: licence.issuingBody },
    order: [['id', 'DESC']],
  });
  const png = await drawPng(face, {
    page,
    dpi: PREVIEW_DPI,
    ...(seal ? { sealPicture: new Uint8Array(seal.picture) } : {}),
  });
  await keepPreview(house, id, await house.blobs.put(png));
  return { png, pages };
}

async function keepPreview(house: House, id: string, digest: string): Promise<void> {
  await withTransaction(house.db, (tx) =>
    house.db.rows.previews.create({ id, digest }, { transaction: tx, ignoreDuplicates: true }),
  );
}
