/** What the signing bench works on: one face of the demonstration, drawn with other words each time, and the keys and the
 *  seal of a development authority. Made once, before anything is measured. */
import { randomBytes } from 'node:crypto';
import type { SealingTask } from '../../models/sealing/sealer.ts';
import { shareBytes } from '../../models/sealing/share-bytes.ts';
import {
  drawSealPicture,
  type FontBook,
  makeDevelopmentAuthority,
  makeDevelopmentMember,
  makeSeal,
  type SoftwareSigner,
  softwareKeyFromPkcs8,
  type VerificationPolicy,
} from '../../signing/index.ts';
import { type FilledFace, readFilledFaces } from '../signing/face/demo-faces.ts';
import { freshCharacters, seededRandom } from './fresh-characters.ts';

export const AT = new Date('2026-06-02T03:04:05Z');
const MADE = new Date('2026-06-01T00:00:00Z');
const ENTRY_NAME = 'surveying-qualification';
/** As many characters that were not drawn together before: the sealed package is of some 60 kB. */
const FRESH = { holderName: 6 } as const;

/** A seal whose keys are here. */
export interface BenchSeal {
  readonly eseal: Uint8Array;
  readonly picture: Uint8Array;
  readonly name: string;
  readonly sm2: SoftwareSigner;
  readonly rsa: SoftwareSigner;
}

export interface SigningMaterial {
  readonly seal: BenchSeal;
  readonly policy: VerificationPolicy;
  /** The face filled with further fresh words. */
  nextTask(): SealingTask;
}

export async function openSigningMaterial(fonts: FontBook, seed = 20_260_101): Promise<SigningMaterial> {
  const random = seededRandom(seed);
  const { seal, roots } = await makeSealMaterial(fonts);
  const faces = await readFilledFaces();
  const face = faces.find(({ name }) => name === ENTRY_NAME);
  if (!face) throw new RangeError(`no entry ${ENTRY_NAME}`);
  const images = Object.fromEntries(
    Object.entries(face.content.images).map(([name, bytes]) => [name, shareBytes(bytes)]),
  );
  const shared = { ...face, content: { ...face.content, images } };
  let made = 0;
  return {
    seal,
    policy: { certificates: roots, at: AT },
    nextTask() {
      made += 1;
      return toTask(shared, seal, random, made);
    },
  };
}

function toTask(face: FilledFace, seal: BenchSeal, random: () => number, number: number): SealingTask {
  const fresh = Object.entries(FRESH).map(([key, count]) => [key, freshCharacters(count, random)]);
  const identifier = `1.2.156.3005.2.${number}`;
  const values = { ...face.content.values, ...Object.fromEntries(fresh), identifier };
  return {
    identifier,
    layout: face.layout,
    content: { ...face.content, values },
    title: face.name,
    metadata: { ZZBS: identifier },
    attachments: [{ name: 'licence.json', format: 'json', bytes: Buffer.from(JSON.stringify(values)) }],
    documentId: randomBytes(16).toString('hex'),
    at: AT,
    seal,
  };
}

async function makeSealMaterial(fonts: FontBook) {
  const common = { now: MADE, newSerial: () => BigInt(`0x01${randomBytes(15).toString('hex')}`) };
  const { sm2, rsa } = await makeDevelopmentAuthority(common);
  const member = { ...common, profile: 'signer', commonName: '样例局', years: 5 } as const;
  const own = {
    SM2: await makeDevelopmentMember({ ...member, algorithm: 'SM2', issuer: sm2.issuing }),
    RSA: await makeDevelopmentMember({ ...member, algorithm: 'RSA', issuer: rsa.issuing }),
  };
  const code = '41990000000001';
  const picture = drawSealPicture({ name: '样例市样例局', purpose: '电子证照专用章', note: '测试专用', code }, fonts);
  const eseal = await makeSeal({
    ...{ vendor: 'Zhengku', esId: code, name: '样例章', type: 1, certificates: [own.SM2.certificate] },
    ...{ createdAt: MADE, validFrom: MADE, validTo: new Date('2029-01-01T00:00:00Z') },
    picture: { type: 'png', data: picture, widthMm: 42, heightMm: 42 },
    maker: { key: softwareKeyFromPkcs8(sm2.sealMaker.pkcs8), certificate: sm2.sealMaker.certificate },
  });
  const material = ({ pkcs8, certificate }: { pkcs8: Uint8Array; certificate: Uint8Array }, issuing: Uint8Array) => ({
    kind: 'software' as const,
    pkcs8,
    certificates: [certificate, issuing],
  });
  const seal: BenchSeal = {
    ...{ eseal, picture, name: '样例章' },
    sm2: material(own.SM2, sm2.issuing.certificate),
    rsa: material(own.RSA, rsa.issuing.certificate),
  };
  const certificates = [sm2.root, sm2.issuing, rsa.root, rsa.issuing].map(({ certificate }) => certificate);
  return { seal, roots: certificates };
}
