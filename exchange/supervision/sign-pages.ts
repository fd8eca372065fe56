/** A document of supervision as PDF from its pages; certified with the repository’s key where there is one that may be used. */
import type { House } from '../../models/house.ts';
import { Fault } from '../../models/kernel/fault.ts';
import { openHouseKey, recordKeyUse, requireUsesLeft } from '../../models/seal/index.ts';
import { requireFitCertificate } from '../../models/sealing/index.ts';
import { withTransaction } from '../../models/store/index.ts';
import { drawPdf, type FaceLayout, layOutFace, prepareSignature, signPdf } from '../../signing/index.ts';

export interface SignedPages {
  readonly title: string;
  /** When it was made. */
  readonly at: Date;
  readonly pages: FaceLayout['pages'];
}

export interface DrawnPages {
  readonly bytes: Uint8Array;
  readonly signed: boolean;
}

export async function signPages(house: House, { title, at, pages }: SignedPages): Promise<DrawnPages> {
  const face = layOutFace({ pages }, { values: {}, images: {}, qr: '' }, house.fonts);
  const document = await drawPdf(face, { title, createdAt: at, customData: {}, attachments: [] });
  const opened = await openFitKey(house);
  if (!opened) return { bytes: await document.save({ useObjectStreams: false }), signed: false };
  const signedAt = house.clock();
  const words = { name: '市电子证照库', reason: title, location: '中国', at: signedAt };
  await prepareSignature(document, { page: 0, ...words, certify: 1 });
  const [certificate, ...chain] = opened.certificates;
  const prepared = await document.save({ useObjectStreams: false });
  const signer = { key: opened.key, certificate: certificate ?? new Uint8Array(), chain, at: signedAt };
  return { bytes: await signPdf(prepared, signer), signed: true };
}

/** Why a house makes the document all the same, unsigned. */
const UNSIGNED: ReadonlySet<string> = new Set([
  ...['SEAL_MISSING', 'CERTIFICATE_EXPIRED', 'CERTIFICATE_REVOKED', 'KEY_LIMIT_REACHED'],
]);

/** The key, its use counted; undefined, with a line in the log, where it cannot be used. */
async function openFitKey(house: House) {
  return orUnsigned(house, async () => {
    const opened = await findFitKey(house);
    await withTransaction(house.db, (tx) => recordKeyUse(house, tx, [opened.id]));
    return opened;
  });
}

async function findFitKey(house: House) {
  const opened = await openHouseKey(house, 'repository', 'RSA');
  await requireFitCertificate(house, 'repository RSA', opened.certificates);
  return opened;
}

/** Whether a document that was made unsigned could be signed now. */
export async function maySign(house: House): Promise<boolean> {
  const asked = async () => {
    const { id } = await findFitKey(house);
    await requireUsesLeft(house, id);
    return true;
  };
  return (await orUnsigned(house, asked)) === true;
}

async function orUnsigned<T>(house: House, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act();
  } catch (error) {
    if (!(error instanceof Fault) || !UNSIGNED.has(error.code)) throw error;
    house.log.warn({ code: error.code }, 'a document of supervision is not signed');
    return undefined;
  }
}
