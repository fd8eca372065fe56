/** Which blocks of the product ran, by V8's own coverage: no instrumentation, and only what ran since the last asking. */
import { type Profiler, Session } from 'node:inspector';

const OURS = /\/(signing|node_modules\/saxes)\//;

export class Coverage {
  private readonly session = new Session();
  private readonly seen = new Set<string>();

  constructor() {
    this.session.connect();
    this.session.post('Profiler.enable');
    this.session.post('Profiler.startPreciseCoverage', { callCount: false, detailed: true });
  }

  /** How many different blocks have been seen to run, or to be left out, inside of functions that ran. */
  get blocks(): number {
    return this.seen.size;
  }

  /** What ran since the last asking and never before. */
  fresh(): Set<string> {
    const fresh = new Set(this.take().filter((block) => !this.seen.has(block)));
    for (const block of fresh) this.seen.add(block);
    return fresh;
  }

  /** What ran since the last asking. */
  take(): string[] {
    const blocks: string[] = [];
    this.session.post('Profiler.takePreciseCoverage', (_error, taken?: Profiler.TakePreciseCoverageReturnType) => {
      for (const { scriptId, url, functions } of taken?.result ?? []) {
        if (!OURS.test(url)) continue;
        for (const { ranges } of functions) {
          for (const { startOffset, endOffset, count } of ranges) {
            blocks.push(`${scriptId} ${startOffset} ${endOffset} ${count > 0 ? 1 : 0}`);
          }
        }
      }
    });
    return blocks;
  }

  close(): void {
    this.session.post('Profiler.stopPreciseCoverage');
    this.session.disconnect();
  }
}
