/** How much memory the verification of a large PDF takes: a signed file of 100 MB, judged by a process of its own. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PDFDocument, PDFName } from 'pdf-lib';
import { prepareSignature, signPdf } from '../../signing/index.ts';
import { makeSigners, SIGNED_AT } from '../signing/pdf/signed-pdf.ts';
import { temporaryFolder } from '../world/temporary-folder.ts';

const SIZE = 100 * 2 ** 20;
const PICTURES = 10;

export interface LargePdf {
  readonly fileMb: number;
  /** Largest resident size of the process that verified it. */
  readonly peakMb: number;
  readonly ms: number;
}

export async function measureLargePdf(): Promise<LargePdf> {
  const folder = temporaryFolder();
  try {
    const file = join(folder.path, 'large.pdf');
    const bytes = await makeLargePdf();
    writeFileSync(file, bytes);
    const program = fileURLToPath(new URL('./verify-and-tell.ts', import.meta.url));
    const child = spawnSync(process.execPath, ['--import', import.meta.resolve('tsx'), program, file], {
      encoding: 'utf8',
    });
    if (child.status !== 0) throw new Error(`the large PDF was not judged valid: ${child.stdout}${child.stderr}`);
    const { peakKb, ms } = JSON.parse(child.stdout) as { peakKb: number; ms: number };
    return { fileMb: bytes.length / 2 ** 20, peakMb: peakKb / 1024, ms };
  } finally {
    folder.remove();
  }
}

/** Ten pages that each hold a tenth of the bytes as an attachment-like stream that is not compressed. */
async function makeLargePdf(): Promise<Uint8Array> {
  const pdf = await PDFDocument.create();
  for (let number = 0; number < PICTURES; number += 1) {
    const page = pdf.addPage([595, 842]);
    const content = Buffer.alloc(SIZE / PICTURES, '% a scan without compression, line after line\n');
    page.node.set(PDFName.of('Contents'), pdf.context.register(pdf.context.stream(content)));
  }
  await prepareSignature(pdf, { page: 0, name: 'x', reason: 'x', location: 'x', at: SIGNED_AT, certify: 1 });
  const { signer } = await makeSigners();
  return signPdf(await pdf.save({ useObjectStreams: false }), signer);
}
