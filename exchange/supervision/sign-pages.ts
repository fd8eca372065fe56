/** A document of supervision as PDF from its pages; certified with the repository's key where there is one. */
import type { House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { openHouseKey } from '../../models/seal/index.ts';
import { drawPdf, type FaceLayout, layOutFace, prepareSignature, signPdf } from '../../signing/index.ts';

export interface SignedPages {
  readonly title: string;
  /** When it was made. */
  readonly at: Date;
  readonly pages: FaceLayout['pages'];
}

export async function signPages(house: House, { title, at, pages }: SignedPages): Promise<Uint8Array> {
  const face = layOutFace({ pages }, { values: {}, images: {}, qr: '' }, house.fonts);
  const document = await drawPdf(face, { title, createdAt: at, customData: {}, attachments: [] });
  const opened = await openHouseKey(house, 'repository', 'RSA').catch(withoutKey);
  if (!opened) return document.save({ useObjectStreams: false });
  const words = { name: '市电子证照库', reason: title, location: '中国', at };
  await prepareSignature(document, { page: 0, ...words, certify: 1 });
  const [certificate, ...chain] = opened.certificates;
  const prepared = await document.save({ useObjectStreams: false });
  return signPdf(prepared, { key: opened.key, certificate: certificate ?? new Uint8Array(), chain, at });
}

/** A house without one makes the document all the same, unsigned. */
function withoutKey(error: unknown): undefined {
  if (error instanceof Fault && error.code === 'SEAL_MISSING') return undefined;
  throw error;
}
