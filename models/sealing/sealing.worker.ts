/** What a sealing thread does: keep the fonts open, make files. The pool calls `seal`, `copy`, `print` and `preview` by name. */
import { type MessagePort, workerData } from 'node:worker_threads';
import { type ImprintHash, openFontBook } from '../../signing/index.ts';
import { Fault } from '../kernel/fault.ts';
import type { FaultCode } from '../kernel/fault-codes.ts';
import { askOutside } from './ask-outside.ts';
import { handOver } from './hand-over.ts';
import { type CopyTask, makeCopy } from './make-copy.ts';
import { makeFiles } from './make-files.ts';
import { makePreview, type PreviewTask } from './make-preview.ts';
import { makePrint, type PrintTask } from './make-print.ts';
import type { Outside } from './outside.ts';
import type { SealedFiles, SealingTask } from './sealer.ts';

interface SealingThread {
  readonly fontDir: string;
  readonly extraFontDirs: readonly string[];
  /** The time-stamp authorities that can be reached. */
  readonly hashes: readonly ImprintHash[];
}

const { fontDir, extraFontDirs, hashes } = workerData as SealingThread;
const fonts = openFontBook(fontDir, { extraDirs: extraFontDirs });

/** The way outside comes with each task that needs one. */
export interface Ported<T> {
  readonly task: T;
  readonly port?: MessagePort;
}

/** Errors lose what they are on their way between threads: a fault goes as a value. */
export type ThreadAnswer<R> =
  | { readonly made: R }
  | { readonly fault: { readonly code: FaultCode; readonly detail: string | undefined } };

export function seal(ported: Ported<SealingTask>): Promise<ThreadAnswer<SealedFiles>> {
  return make(ported, (task, outside) => makeFiles(task, fonts, outside));
}

export function copy(ported: Ported<CopyTask>): Promise<ThreadAnswer<Uint8Array>> {
  return make(ported, (task, outside) => makeCopy(task, fonts, outside));
}

export function print(ported: Ported<PrintTask>): Promise<ThreadAnswer<Uint8Array>> {
  return make(ported, (task) => makePrint(task, fonts));
}

export function preview(ported: Ported<PreviewTask>): Promise<ThreadAnswer<Uint8Array>> {
  return make(ported, (task) => makePreview(task, fonts));
}

async function make<T, R extends object>(
  { task, port }: Ported<T>,
  act: (task: T, outside: Outside | undefined) => Promise<R>,
): Promise<ThreadAnswer<R>> {
  try {
    return handOver(await act(task, port && askOutside(port, hashes)));
  } catch (error) {
    if (error instanceof Fault) return { fault: { code: error.code, detail: error.detail } };
    throw error;
  } finally {
    port?.close();
  }
}
