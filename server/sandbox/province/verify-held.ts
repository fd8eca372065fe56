/** Verify files that are held, in threads, each once as long as the process lives: the bytes under a digest do not change. */
import type { Clock } from '../../../models/kernel/clock.ts';
import type { Verifier } from '../../../models/verification/index.ts';
import { DEFAULT_RULES } from '../../../signing/index.ts';
import type { Library } from './library.ts';

const MOST_KEPT = 50_000;
/** So many wait for the threads, and no more bytes than these have. */
const MOST_WAITING = 32;

export function makeVerifyHeld(library: Library, verifier: Verifier, trust: readonly Uint8Array[], clock: Clock) {
  const material = { certificates: trust, rules: DEFAULT_RULES };
  const genuine = new Set<string>();
  let waiting = 0;
  const line: (() => void)[] = [];
  return async (sm3: string): Promise<readonly string[]> => {
    if (genuine.has(sm3)) return [];
    if (waiting >= MOST_WAITING) await new Promise<void>((resolve) => line.push(resolve));
    waiting += 1;
    try {
      const bytes = library.bytes(sm3);
      if (!bytes) return ['FILE_MISSING'];
      const report = await verifier.judge({ bytes, material, at: clock() });
      if (report.valid && report.trusted === true) {
        if (genuine.size >= MOST_KEPT) genuine.clear();
        genuine.add(sm3);
        return [];
      }
      const failed = report.checks.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code ?? '');
      return failed.length > 0 ? failed : ['TRUST_NOT_JUDGED'];
    } finally {
      waiting -= 1;
      line.shift()?.();
    }
  };
}
