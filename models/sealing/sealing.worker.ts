/** What a sealing thread does: keep the fonts open, make files. The pool calls `seal` by name. */
import { workerData } from 'node:worker_threads';
import { openFontBook } from '../../signing/index.ts';
import { makeFiles } from './make-files.ts';
import type { SealedFiles, SealingTask } from './sealer.ts';

const { fontDir, extraFontDirs } = workerData as { fontDir: string; extraFontDirs: readonly string[] };
const fonts = openFontBook(fontDir, { extraDirs: extraFontDirs });

export const seal = (task: SealingTask): Promise<SealedFiles> => makeFiles(task, fonts);
