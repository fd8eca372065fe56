/** Sealing and verifying whole documents on one core, without drawing them and without time-stamps: OFD packages of about
 *  60 kB that differ in their words, and prepared PDF files of the same face. */
import {
  drawOfd,
  drawPdf,
  type FontBook,
  layOutFace,
  prepareSignature,
  sealOfd,
  signPdf,
  softwareKeyFromPkcs8,
  verifyFile,
} from '../../signing/index.ts';
import { writePackage } from '../../signing/zip/write-package.ts';
import { withoutBaseImages } from '../signing/face/demo-faces.ts';
import { perCpuSecondAsync, type TimedRate } from './per-cpu-second.ts';
import { AT, type SigningMaterial } from './signing-material.ts';

const DIFFERENT = 40;

export const DOCUMENT_ACTS = ['ofdSeal', 'ofdVerify', 'pdfSign', 'pdfVerify'] as const;
export type DocumentAct = (typeof DOCUMENT_ACTS)[number];

export interface DocumentBench {
  /** Before and after it is sealed. */
  readonly ofdKb: number;
  readonly sealedOfdKb: number;
  readonly pdfKb: number;
  /** For `ms` milliseconds of processor time. */
  measure(act: DocumentAct, ms: number): Promise<TimedRate>;
}

export async function openDocumentBench(material: SigningMaterial, fonts: FontBook): Promise<DocumentBench> {
  const { seal, policy } = material;
  const [sm2 = new Uint8Array(), rsa = new Uint8Array()] = [seal.sm2.certificates[0], seal.rsa.certificates[0]];
  const sm2Signer = { key: softwareKeyFromPkcs8(seal.sm2.pkcs8), certificate: sm2 };
  const chain = seal.rsa.certificates.slice(1);
  const rsaSigner = { key: softwareKeyFromPkcs8(seal.rsa.pkcs8), certificate: rsa, chain, at: AT };
  const tasks = Array.from({ length: DIFFERENT }, () => material.nextTask());
  const faces = tasks.map((task) => layOutFace(withoutBaseImages(task.layout), task.content, fonts));
  const packages = faces.map((face, index) => draw(face, index));
  const prepared = await Promise.all(faces.map((face) => prepare(face, seal.picture)));
  const sealOne = (index: number) => {
    const ofd = packages[index % DIFFERENT];
    if (!ofd) throw new RangeError('no package');
    // a value of its own each time: nothing is remembered with it
    const fresh = { files: new Map(ofd.files), pageIds: ofd.pageIds };
    return sealOfd(fresh, {
      ...{ seal: seal.eseal, signer: sm2Signer, at: AT },
      stamps: [{ page: 0, box: [120, 200, 42, 42] }],
      provider: { name: 'Zhengku', version: '1', company: 'Zhengku' },
    });
  };
  const signOne = (index: number) => signPdf(prepared[index % DIFFERENT] ?? new Uint8Array(), rsaSigner);
  const sealed = await Promise.all(packages.map((_, index) => sealOne(index)));
  const signed = await Promise.all(prepared.map((_, index) => signOne(index)));
  const verifyOne = (files: readonly Uint8Array[]) => (index: number) => {
    const report = verifyFile(files[index % DIFFERENT] ?? new Uint8Array(), policy);
    if (!report.valid || !report.trusted) throw new Error(`refused: ${JSON.stringify(report.checks)}`);
  };
  const kb = (files: readonly Uint8Array[]) => files.reduce((sum, { length }) => sum + length, 0) / DIFFERENT / 1024;
  const acts: Readonly<Record<DocumentAct, (index: number) => unknown>> = {
    ofdSeal: sealOne,
    ofdVerify: verifyOne(sealed),
    pdfSign: signOne,
    pdfVerify: verifyOne(signed),
  };
  return {
    ofdKb: kb(packages.map(({ files }) => writePackage(files))),
    sealedOfdKb: kb(sealed),
    pdfKb: kb(signed),
    measure: (act, ms) => perCpuSecondAsync(ms, acts[act]),
  };
}

type Face = ReturnType<typeof layOutFace>;

function draw(face: Face, index: number) {
  return drawOfd(face, {
    docId: index.toString(16).padStart(32, '0'),
    title: '样例',
    createdOn: '2026-06-02',
    customData: { ZZBS: String(index) },
    attachments: [],
  });
}

async function prepare(face: Face, picturePng: Uint8Array): Promise<Uint8Array> {
  const document = await drawPdf(face, { title: '样例', createdAt: AT, customData: {}, attachments: [] });
  await prepareSignature(document, {
    ...{ page: 0, name: '样例', reason: '样例', location: '中国', at: AT, certify: 1 },
    seal: { box: [120, 200, 42, 42], picturePng },
  });
  return document.save({ useObjectStreams: false });
}
