/** The demonstration's steps: each named, timed, printed, and kept for the summary. The first that fails ends the journey. */

export interface StepRecord {
  readonly name: string;
  readonly outcome: 'done' | 'failed';
  readonly ms: number;
}

export class StepFailed extends Error {
  override readonly name = 'StepFailed';
}

export class Journey {
  readonly steps: StepRecord[] = [];
  /** Ids of what was made, for whoever explores afterwards. */
  readonly made: Record<string, unknown> = {};

  async step<T>(name: string, act: () => Promise<T>): Promise<T> {
    const started = performance.now();
    try {
      const result = await act();
      this.#end(name, 'done', started);
      return result;
    } catch (cause) {
      this.#end(name, 'failed', started);
      throw new StepFailed(`${name}: ${(cause as Error).message}`, { cause });
    }
  }

  #end(name: string, outcome: StepRecord['outcome'], started: number): void {
    const ms = Math.round(performance.now() - started);
    this.steps.push({ name, outcome, ms });
    process.stdout.write(`${outcome === 'done' ? '✔' : '✘'} ${name}  ${ms} ms\n`);
  }
}

/** A step's own check of what came back. */
export function expect(holds: boolean, words: string): void {
  if (!holds) throw new Error(words);
}
