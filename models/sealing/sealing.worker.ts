/** What a sealing thread does: keep the fonts open, make files. The pool calls `seal` by name. */
import { type MessagePort, workerData } from 'node:worker_threads';
import { move, transferableSymbol, valueSymbol } from 'piscina';
import { type ImprintHash, openFontBook } from '../../signing/index.ts';
import { Fault } from '../kernel/fault.ts';
import type { FaultCode } from '../kernel/fault-codes.ts';
import { askOutside } from './ask-outside.ts';
import { makeFiles } from './make-files.ts';
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
export interface PortedTask {
  readonly task: SealingTask;
  readonly port?: MessagePort;
}

/** Errors lose what they are on their way between threads: a fault goes as a value. */
export type ThreadAnswer =
  | SealedFiles
  | { readonly fault: { readonly code: FaultCode; readonly detail: string | undefined } };

export async function seal({ task, port }: PortedTask): Promise<ThreadAnswer> {
  try {
    return handOver(await makeFiles(task, fonts, port && askOutside(port, hashes)));
  } catch (error) {
    if (error instanceof Fault) return { fault: { code: error.code, detail: error.detail } };
    throw error;
  } finally {
    port?.close();
  }
}

/** Files that fill their memory are moved to the process, not copied. */
function handOver(files: SealedFiles): SealedFiles {
  const buffers = [files.ofd, files.pdf].flatMap(({ buffer, byteLength }) =>
    buffer.byteLength === byteLength ? [buffer] : [],
  );
  return move({ [transferableSymbol]: buffers, [valueSymbol]: files }) as unknown as SealedFiles;
}
