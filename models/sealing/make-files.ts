/** Render a face once and seal it twice: OFD with the SM2 seal (GB/T 33190, GB/T 38540), PDF with an RSA CMS signature and
 *  the seal visible. Pure: values in, bytes out. */
import {
  drawOfd,
  drawPdf,
  type FontBook,
  type LaidOutFace,
  layOutFace,
  prepareSignature,
  sealOfd,
  signPdf,
} from '../../signing/index.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { openSigner } from './open-signer.ts';
import type { SealedFiles, SealingTask } from './sealer.ts';
import { reachPoint } from './sealing-point.ts';
import { type SealPlace, showSeals } from './show-seals.ts';

const PROVIDER = { name: 'Zhengku', version: '1', company: 'Zhengku' } as const;

export async function makeFiles(task: SealingTask, fonts: FontBook): Promise<SealedFiles> {
  const face = layOutFace(task.layout, task.content, fonts);
  reachPoint('laid-out', task.identifier);
  const ofd = await makeOfd(task, face);
  const pdf = await makePdf(task, face);
  return { ofd, pdf, sm3: { ofd: sm3Hex(ofd), pdf: sm3Hex(pdf) } };
}

async function makeOfd(task: SealingTask, face: LaidOutFace): Promise<Uint8Array> {
  const drawn = drawOfd(face, {
    docId: task.documentId,
    title: task.title,
    createdOn: toShanghaiDate(task.at),
    customData: task.metadata,
    attachments: task.attachments.map((attachment) => ({ ...attachment, createdAt: task.at })),
  });
  reachPoint('ofd-drawn', task.identifier);
  const sealed = await sealOfd(drawn, {
    seal: task.seal.eseal,
    signer: openSigner(task.seal.sm2),
    stamps: face.pages.flatMap((page, index) => page.seals.map((box) => ({ page: index, box }))),
    provider: PROVIDER,
    at: task.at,
  });
  reachPoint('ofd-sealed', task.identifier);
  return sealed;
}

async function makePdf(task: SealingTask, face: LaidOutFace): Promise<Uint8Array> {
  const { pressed, rest } = takeFirstSeal(face);
  const document = await drawPdf(showSeals(face, rest, task.seal.picture), {
    title: task.title,
    createdAt: task.at,
    customData: task.metadata,
    attachments: task.attachments.map(({ format, ...attachment }) => ({
      ...attachment,
      mediaType: `application/${format}`,
      createdAt: task.at,
    })),
  });
  await prepareSignature(document, {
    page: pressed.page,
    seal: { box: pressed.box, picturePng: task.seal.picture },
    name: task.seal.name,
    reason: task.title,
    location: '中国',
    at: task.at,
    certify: 1,
  });
  const prepared = await document.save({ useObjectStreams: false });
  reachPoint('pdf-drawn', task.identifier);
  const { key, certificate } = openSigner(task.seal.rsa);
  const signed = await signPdf(prepared, {
    ...{ key, certificate, chain: task.seal.rsa.certificates.slice(1) },
    at: task.at,
  });
  reachPoint('pdf-signed', task.identifier);
  return signed;
}

/** The signature shows the seal once; on further places (副本, several pages) its picture is part of the signed page. */
function takeFirstSeal(face: LaidOutFace): { readonly pressed: SealPlace; readonly rest: readonly SealPlace[] } {
  const places = face.pages.flatMap((page, index) => page.seals.map((box) => ({ page: index, box })));
  const [pressed, ...rest] = places;
  if (!pressed) throw new RangeError('a face without a place for the seal');
  return { pressed, rest };
}
