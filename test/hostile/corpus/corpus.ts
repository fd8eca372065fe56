/** The whole corpus: altered files that must be refused, and genuine ones that must not. Keys are made once; where chance has a
 *  say, it repeats with the seed. */
import { badOfdCertificates } from './bad-ofd-certificates.ts';
import { badOfdContent } from './bad-ofd-content.ts';
import { badOfdLists } from './bad-ofd-lists.ts';
import { badOfdReferences } from './bad-ofd-references.ts';
import { badOfdSeals } from './bad-ofd-seals.ts';
import { badOfdValues } from './bad-ofd-values.ts';
import { badOfdZip } from './bad-ofd-zip.ts';
import { badPdfOwn } from './bad-pdf-own.ts';
import { badPdfSignatures } from './bad-pdf-signatures.ts';
import { badPdfStructure } from './bad-pdf-structure.ts';
import { badPdfUpdates } from './bad-pdf-updates.ts';
import type { BadCase, Draw, GoodCase } from './case.ts';
import { goodOfdOthers } from './good-ofd-others.ts';
import { goodOfdOurs } from './good-ofd-ours.ts';
import { goodPdf } from './good-pdf.ts';
import { makeOfdWorld, type OfdWorld } from './ofd-world.ts';
import { makePdfWorld, type PdfWorld } from './pdf-world.ts';

export interface CorpusWorld {
  readonly ofd: OfdWorld;
  readonly pdf: PdfWorld;
}

export async function makeCorpusWorld(): Promise<CorpusWorld> {
  return { ofd: await makeOfdWorld(), pdf: await makePdfWorld() };
}

/** One after another: they are not all kept in memory. */
export function* badCases({ ofd, pdf }: CorpusWorld, draw: Draw): Generator<BadCase> {
  yield* badOfdContent(ofd, draw);
  yield* badOfdReferences(ofd);
  yield* badOfdValues(ofd);
  yield* badOfdSeals(ofd);
  yield* badOfdLists(ofd);
  yield* badOfdZip(ofd, draw);
  yield* badOfdCertificates(ofd);
  yield* badPdfSignatures(pdf);
  yield* badPdfUpdates(pdf);
  yield* badPdfStructure(pdf, draw);
  yield* badPdfOwn(pdf);
}

export async function* goodCases({ ofd, pdf }: CorpusWorld): AsyncGenerator<GoodCase> {
  yield* goodOfdOurs(ofd);
  yield* goodOfdOthers(ofd);
  yield* goodPdf(pdf);
}
