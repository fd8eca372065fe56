/** The legal original: the face as OFD (GB/T 33190), the issuer's seal pressed on it (GB/T 38540), and over both the
 *  repository's own signature (GB/T 35275) with what proves it later. */
import {
  addSignature,
  drawOfd,
  type LaidOutFace,
  type OfdPackage,
  type PressSeal,
  pressSeal,
  type TimeStamper,
  writePackage,
} from '../../signing/index.ts';
import { toShanghaiDate } from '../kernel/clock.ts';
import { openSigner } from './open-signer.ts';
import type { Outside } from './outside.ts';
import type { OuterSignature, OutsideSeal, SealingTask } from './sealer.ts';
import { reachPoint } from './sealing-point.ts';

const PROVIDER = { name: 'Zhengku', version: '1', company: 'Zhengku' } as const;

export async function makeOfd(task: SealingTask, face: LaidOutFace, outside: Outside): Promise<Uint8Array> {
  const { sm2 } = task.seal;
  const drawn = draw(task, face);
  reachPoint('ofd-drawn', task.identifier);
  const timeStamped = timeStamperOf(outside);
  const sealed = await pressSeal(drawn, {
    ...{ seal: task.seal.eseal, provider: PROVIDER, at: task.at, ...timeStamped },
    signer: sm2.kind === 'service' ? pressByServiceOf(sm2, outside) : openSigner(sm2, outside),
    stamps: face.pages.flatMap((page, index) => page.seals.map((box) => ({ page: index, box }))),
  });
  reachPoint('ofd-sealed', task.identifier);
  if (!task.outer) return writePackage(sealed.files);
  const { signer, certificates, crls } = task.outer;
  const signed = await addSignature(sealed, {
    ...{ provider: PROVIDER, at: task.at, certificates, crls, ...timeStamped },
    signer: openSigner(signer, outside),
    chain: [],
  });
  reachPoint('ofd-countersigned', task.identifier);
  return writePackage(signed.files);
}

function draw(task: SealingTask, face: LaidOutFace): OfdPackage {
  return drawOfd(face, {
    docId: task.documentId,
    title: task.title,
    createdOn: toShanghaiDate(task.at),
    customData: task.metadata,
    signatures: task.outer ? { types: ['Seal', 'Sign'], ...signerOf(task.outer) } : { types: ['Seal'] },
    attachments: task.attachments.map((attachment) => ({ ...attachment, createdAt: task.at })),
  });
}

function signerOf({ signer }: OuterSignature): { readonly signer?: Uint8Array } {
  const [own] = signer.certificates;
  return own ? { signer: own } : {};
}

/** The seal at the service that holds it. */
export function pressByServiceOf({ service, esId }: OutsideSeal, outside: Outside): PressSeal {
  return (dataHash, propertyInfo, at) => outside.pressSeal(service, { esId, dataHash, propertyInfo, at });
}

function timeStamperOf({ stamp: { sm3 } }: Outside): { readonly timeStamper?: TimeStamper } {
  return sm3 ? { timeStamper: { hash: 'sm3', stamp: sm3 } } : {};
}
