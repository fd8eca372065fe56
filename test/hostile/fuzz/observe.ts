/** One execution: the reader may give words or throw a fault of the signing floor with a closed code, nothing else. */
import { type SigningCode, SigningError } from '../../../signing/error.ts';
import type { Read } from './readers.ts';

const CODES: Readonly<Record<SigningCode, true>> = {
  MALFORMED: true,
  TOO_LARGE: true,
  UNSUPPORTED: true,
  GLYPH_MISSING: true,
  TEXT_OVERFLOW: true,
  FONT_MISSING: true,
  KEY_UNUSABLE: true,
  CERTIFICATE_UNFIT: true,
  SEAL_UNFIT: true,
  TIME_STAMP_UNFIT: true,
  RULES_INVALID: true,
  SELF_TEST_FAILED: true,
};

export const MOST_MS = 2000;

export interface Observation {
  readonly outcome: string;
  /** What was wrong, when something was. */
  readonly finding?: string;
}

export function observe(read: Read, bytes: Uint8Array): Observation {
  // most inputs are refused, and traces of where would take most of the time
  Error.stackTraceLimit = 0;
  const { outcome, took } = timed(read, bytes);
  // a busy machine is no finding: it must be slow every time
  const slow = took > MOST_MS && timed(read, bytes).took > MOST_MS && timed(read, bytes).took > MOST_MS;
  Error.stackTraceLimit = 10;
  if (typeof outcome !== 'string') return { outcome: 'threw', finding: outcomeWithTrace(read, bytes) };
  if (slow) return { outcome, finding: `took ${Math.round(took)} ms` };
  return { outcome };
}

/** As `observe`, twice: the second must say the same. */
export function observeTwice(read: Read, bytes: Uint8Array): Observation {
  const copy = Uint8Array.from(bytes);
  const first = observe(read, bytes);
  if (first.finding !== undefined) return first;
  if (Buffer.compare(copy, bytes) !== 0) return { ...first, finding: 'the reader changed its input' };
  const second = observe(read, copy);
  if (second.outcome === first.outcome) return second;
  return { ...first, finding: `not the same twice: ${first.outcome} / ${second.outcome}` };
}

function timed(read: Read, bytes: Uint8Array) {
  const started = performance.now();
  const outcome = outcomeOf(read, bytes);
  return { outcome, took: performance.now() - started };
}

/** Again, for the trace that was saved. */
function outcomeWithTrace(read: Read, bytes: Uint8Array): string {
  const outcome = outcomeOf(read, bytes);
  return typeof outcome === 'string' ? `threw once, then gave ${outcome}` : outcome.finding;
}

function outcomeOf(read: Read, bytes: Uint8Array): string | { finding: string } {
  try {
    return read(bytes);
  } catch (error) {
    if (error instanceof SigningError && CODES[error.code] && error.code !== 'SELF_TEST_FAILED') return error.code;
    return { finding: error instanceof Error ? (error.stack ?? error.message).slice(0, 600) : String(error) };
  }
}
