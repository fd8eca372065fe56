/** Who seals, signs, and judges OFD files of the corpus; keys are made once. The packages that are altered. */
import { sealOfd, signOfd, type VerificationPolicy } from '../../../signing/index.ts';
import { ANNOUNCED_SIGNATURES } from '../../../signing/ofd/read-ofd-root.ts';
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
  const announcing = richFiles();
  replaceIn(
    announcing,
    'OFD.xml',
    '<ofd:CustomDatas>',
    `<ofd:CustomDatas><ofd:CustomData Name="${ANNOUNCED_SIGNATURES}">Seal Sign</ofd:CustomData>`,
  );
  const half = await office.press({}, { files: packFiles(announcing), pageIds: PAGE_IDS });
  const announced: Base = {
    ...signed,
    name: 'sealed and signed as announced',
    bytes: await signOfd(half, office.outer),
  };
  return { sealed, twice, signed, foreign, announced };
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
  return { office, root, issuing, maker, signer, other, strangeRoot, strange, hand, policy, bases };
}

export type OfdWorld = Awaited<ReturnType<typeof makeOfdWorld>>;

/** The files of a package, to be altered; given back in our own form of archive, as a careful forger would. */
export function rework(bytes: Uint8Array, alter: (files: Map<string, Uint8Array>) => void): Uint8Array {
  const files = new Map(readPackage(bytes).files);
  alter(files);
  return writePackage(files);
}
