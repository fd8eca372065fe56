/** What a log line tells of an error. Messages of drivers, parsers and Node hold the values they stumbled over, and a
 *  database error holds the statement with its parameters: none of that is told. */
import { fileURLToPath } from 'node:url';

export interface DescribedError {
  readonly name: string;
  readonly code?: string;
  /** Our own frames only, `folder/file.ts:line`, innermost first. */
  readonly at: readonly string[];
  readonly cause?: DescribedError;
}

const MOST_CAUSES = 5;
const MOST_FRAMES = 12;
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** A frame of V8's stack trace: `    at name (file:///path/file.ts:1:2)` or without the name. */
const FRAME = /^ {4}at (?:async )?(?:[\w.<>#[\] ]+ \()?(?:file:\/\/)?(\/[^()]+?:\d+):\d+\)?$/;
/** Identifiers of code, as opposed to words and values. */
const WORD = /^[A-Za-z]\w{0,63}$/;

/** Anything that is no error is told as it is: the facts of the line are chosen by whoever logs. */
export function describeError(error: unknown, depth = 0): unknown {
  return error instanceof Error ? describe(error, depth) : error;
}

function describe(error: Error, depth: number): DescribedError {
  const { cause, parent, code } = error as { cause?: unknown; parent?: unknown; code?: unknown };
  // Sequelize keeps the driver's error under `parent`.
  const deeper = cause ?? parent;
  return {
    name: WORD.test(error.name) ? error.name : 'Error',
    ...(typeof code === 'string' && WORD.test(code) ? { code } : {}),
    at: ownFrames(error.stack ?? ''),
    ...(deeper instanceof Error && depth < MOST_CAUSES ? { cause: describe(deeper, depth + 1) } : {}),
  };
}

function ownFrames(stack: string): string[] {
  return stack
    .split('\n')
    .flatMap((line) => FRAME.exec(line)?.[1] ?? [])
    .filter((place) => place.startsWith(ROOT) && !place.includes('/node_modules/'))
    .map((place) => place.slice(ROOT.length))
    .slice(0, MOST_FRAMES);
}
