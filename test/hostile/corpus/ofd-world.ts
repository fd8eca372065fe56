/** Who seals, signs, and judges OFD files of the corpus; keys are made once. The packages that are altered. */
import { sealOfd, signOfd, type VerificationPolicy } from '../../../signing/index.ts';
import { ANNOUNCED_SIGNATURES, announceSignatures } from '../../../signing/ofd/announce-signatures.ts';
import type { OfdPackage } from '../../../signing/ofd/package.ts';
import { packFiles } from '../../../signing/zip/packed-file.ts';
import { readPackage } from '../../../signing/zip/read-package.ts';
import { writePackage } from '../../../signing/zip/write-package.ts';
import { makeSigningOffice } from '../../signing/ofd/signed-package.ts';
import { makeAuthority, makePerson } from './certificates.ts';
import { PAGE_IDS, richFiles } from './rich-package.ts';
import { type Hand, replaceIn, sealOf, signFiles } from './stranger-ofd.ts';
import { entriesOf, zip } from './zip.ts';

export const JUDGED = new Date('2026-06-03T00:00:00Z');

/** A genuine file whose alterations are judged. */
export interface Base {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly policy: VerificationPolicy;
  /** Held to our own form. */
  readonly ours: boolean;
  /** Paths of its signatures' folders, in order. */
  readonly folders: readonly string[];
}

async function makeBases(
  office: Awaited<ReturnType<typeof makeSigningOffice>>,
  hand: Hand,
  policy: VerificationPolicy,
) {
  const rich = () => ({ files: packFiles(richFiles()), pageIds: PAGE_IDS });
  const second = await office.member('郑州市复核局');
  const secondSeal = await office.sealFor(second.certificate, '复核专用章');
  const folder = (index: number) => `Doc_0/Signs/Sign_${index}`;
  const one = await office.press({}, rich());
  const at = new Date('2026-06-02T04:00:00Z');
  const two = await sealOfd(one, { ...office.request, seal: secondSeal, signer: second, at });
  const outer = await signOfd(one, office.outer);
  const stranger = zip(entriesOf(signFiles(hand, { sealFile: sealOf(hand) })));
  const sealed: Base = { name: 'sealed by us', bytes: one, policy: office.policy, ours: true, folders: [folder(0)] };
  const twice: Base = { ...sealed, name: 'sealed by two', bytes: two, folders: [folder(0), folder(1)] };
  const signed: Base = { ...twice, name: 'sealed and signed', bytes: outer };
  const foreign: Base = { name: 'sealed elsewhere', bytes: stranger, policy, ours: false, folders: [folder(0)] };
  const half = await office.press({}, announcing({ [ANNOUNCED_SIGNATURES]: 'Seal Sign' }));
  const announced: Base = {
    ...signed,
    name: 'sealed and signed as announced',
    bytes: await signOfd(half, office.outer),
  };
  const words = announceSignatures({ types: ['Seal', 'Sign'], signer: office.repository.certificate });
  const bound: Base = {
    ...announced,
    name: 'sealed and signed as announced, by whom',
    bytes: await signOfd(await office.press({}, announcing(words)), office.outer),
  };
  return { sealed, twice, signed, foreign, announced, bound };
}

/** A package whose content announces its signatures. */
function announcing(words: Readonly<Record<string, string>>): OfdPackage {
  const files = richFiles();
  const data = Object.entries(words).map(([name, value]) => `<ofd:CustomData Name="${name}">${value}</ofd:CustomData>`);
  replaceIn(files, 'OFD.xml', '<ofd:CustomDatas>', `<ofd:CustomDatas>${data.join('')}`);
  return { files: packFiles(files), pageIds: PAGE_IDS };
}

/** Announced files whose outer signature gave way to what a stranger, who is trusted, put there. */
async function takeOver(
  office: Awaited<ReturnType<typeof makeSigningOffice>>,
  { announced, bound }: Awaited<ReturnType<typeof makeBases>>,
) {
  const stranger = await office.member('某甲公司');
  const seal = await office.sealFor(stranger.certificate, '某甲公司章');
  const provider = { name: 'Elsewhere', version: '1', company: '别家' };
  const halfOf = ({ bytes }: Base) =>
    rework(bytes, (files) => {
      for (const path of [...files.keys()]) if (path.startsWith('Doc_0/Signs/Sign_1/')) files.delete(path);
      replaceIn(files, 'Doc_0/Signs/Signatures.xml', /<ofd:Signature ID="s002"[^>]*>/, '');
    });
  const sealed = (base: Base) => sealOfd(halfOf(base), { ...office.request, seal, signer: stranger, provider });
  const outer = { ...office.outer, signer: stranger };
  return [
    ['announced, and a stranger’s seal in its place', await sealed(announced)],
    ['announced by whom, and a stranger’s seal in its place', await sealed(bound)],
    [
      'announced by whom, and a stranger’s signature in its place',
      await signOfd(halfOf(bound), { ...outer, provider }),
    ],
    ['announced by whom, and a stranger’s in our words in its place', await signOfd(halfOf(bound), outer)],
  ] as const;
}

export async function makeOfdWorld() {
  const office = await makeSigningOffice();
  const root = makeAuthority('SM2', '外省根');
  const issuing = makeAuthority('SM2', '外省签发', root);
  const maker = makePerson('SM2', '外省制章人', issuing);
  const signer = makePerson('SM2', '外省某局', issuing);
  const other = makePerson('SM2', '外省另局', issuing);
  const strangeRoot = makeAuthority('SM2', '无名根');
  const strange = makePerson('SM2', '无名人', strangeRoot);
  const hand: Hand = { signer, maker };
  const policy: VerificationPolicy = { certificates: [root.certificate, issuing.certificate], at: JUDGED };
  const bases = await makeBases(office, hand, policy);
  const takenOver = await takeOver(office, bases);
  return { office, root, issuing, maker, signer, other, strangeRoot, strange, hand, policy, bases, takenOver };
}

export type OfdWorld = Awaited<ReturnType<typeof makeOfdWorld>>;

/** The files of a package, to be altered; given back in our own form of archive, as a careful forger would. */
export function rework(bytes: Uint8Array, alter: (files: Map<string, Uint8Array>) => void): Uint8Array {
  const files = new Map(readPackage(bytes).files);
  alter(files);
  return writePackage(files);
}
