/** The licence for ordinary readers: the face as PDF, certified with the RSA key behind the seal, the seal visible. Where
 *  both algorithms are asked for, the certified content announces a second signature, and a further revision holds the SM2
 *  signature, which shows the seal: a file that lacks it is refused. */
import {
  announcedFieldName,
  appendSignature,
  drawPdf,
  type LaidOutFace,
  prepareSignature,
  type SignatureField,
  sealPdf,
  signPdf,
  type TimeStamper,
} from '../../signing/index.ts';
import { pressByServiceOf } from './make-ofd.ts';
import { openSigner } from './open-signer.ts';
import type { Outside } from './outside.ts';
import type { SealingTask } from './sealer.ts';
import { reachPoint } from './sealing-point.ts';
import { type SealPlace, showSeals } from './show-seals.ts';

const PLACE = '中国';
/** CMS with a chain of three; a time-stamp takes twice the room. */
const CONTENTS_BYTES = 8192;
const CONTENTS_BYTES_TIME_STAMPED = 14_336;

export async function makePdf(task: SealingTask, face: LaidOutFace, outside: Outside): Promise<Uint8Array> {
  const prepared = await prepare(task, face, outside);
  reachPoint('pdf-drawn', task.identifier);
  const { rsa } = task.seal;
  const certified = await signPdf(prepared, {
    ...openSigner(rsa, outside),
    ...timeStamperOf(outside),
    chain: rsa.certificates.slice(1),
    at: task.at,
  });
  reachPoint('pdf-signed', task.identifier);
  if (!isDouble(task)) return certified;
  const sealed = await addSecond(task, certified, outside);
  reachPoint('pdf-sealed', task.identifier);
  return sealed;
}

/** The announced signature: SM2 in a CMS structure; of a seal that a service holds, the stamp itself (GM.sm2seal). */
async function addSecond(task: SealingTask, certified: Uint8Array, outside: Outside): Promise<Uint8Array> {
  const { eseal, picture, sm2, name } = task.seal;
  const words = { at: task.at, reason: task.title, location: PLACE };
  const { sm3 } = outside.stamp;
  const timeStamped = sm3 ? { timeStamper: { hash: 'sm3', stamp: sm3 } as const } : {};
  if (sm2.kind === 'service') {
    const place = { fieldName: announcedFieldName };
    const proof = task.outer ? { proof: task.outer } : {};
    return sealPdf(certified, {
      ...words,
      place,
      seal: eseal,
      signer: pressByServiceOf(sm2, outside),
      ...timeStamped,
      ...proof,
    });
  }
  const prepared = appendSignature(certified, { ...words, name, fieldName: announcedFieldName, picture });
  return signPdf(prepared, {
    ...openSigner(sm2, outside),
    ...timeStamped,
    ...{ chain: sm2.certificates.slice(1), at: task.at },
  });
}

const isDouble = ({ pdfSignatures }: SealingTask): boolean => pdfSignatures === 'rsa+sm2';

async function prepare(task: SealingTask, face: LaidOutFace, outside: Outside): Promise<Uint8Array> {
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
  const contentsBytes = outside.stamp.sha256 ? CONTENTS_BYTES_TIME_STAMPED : CONTENTS_BYTES;
  await prepareSignature(document, {
    ...{ page: pressed.page, name: task.seal.name, reason: task.title, location: PLACE, at: task.at, contentsBytes },
    ...formOf(task, pressed),
  });
  return document.save({ useObjectStreams: false });
}

/** One signature shows the seal. Of two it is the second, which is the seal; the first certifies unseen. */
function formOf(task: SealingTask, { page, box }: SealPlace): Pick<SignatureField, 'seal' | 'certify' | 'announces'> {
  if (isDouble(task)) return { certify: 2, announces: { page, box } };
  return { certify: 1, seal: { box, picturePng: task.seal.picture } };
}

function timeStamperOf({ stamp: { sha256 } }: Outside): { readonly timeStamper?: TimeStamper } {
  return sha256 ? { timeStamper: { hash: 'sha256', stamp: sha256 } } : {};
}

/** The signature shows the seal once; on further places (副本, several pages) its picture is part of the signed page. */
function takeFirstSeal(face: LaidOutFace): { readonly pressed: SealPlace; readonly rest: readonly SealPlace[] } {
  const places = face.pages.flatMap((page, index) => page.seals.map((box) => ({ page: index, box })));
  const [pressed, ...rest] = places;
  if (!pressed) throw new RangeError('a face without a place for the seal');
  return { pressed, rest };
}
