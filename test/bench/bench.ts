/** What every bench gives back, and how figures are made of samples. */

import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';

export interface BenchOptions {
  readonly quick: boolean;
  readonly full: boolean;
  /** What is being done, for whoever waits. */
  say(line: string): void;
}

export interface Floor {
  readonly name: string;
  readonly min?: number;
  readonly max?: number;
  readonly got: number;
  readonly ok: boolean;
}

export interface BenchResult {
  readonly durability: string;
  readonly figures: Readonly<Record<string, number>>;
  /** Medians of at least 5 interleaved rounds. */
  readonly ratios: Readonly<Record<string, number>>;
  readonly floors: readonly Floor[];
}

export interface Bench {
  readonly words: string;
  run(options: BenchOptions): Promise<BenchResult>;
}

export function atLeast(name: string, min: number, got: number): Floor {
  return { name, min, got, ok: got >= min };
}

export function atMost(name: string, max: number, got: number): Floor {
  return { name, max, got, ok: got <= max };
}

/** The value below which `share` of the samples lie (nearest rank). */
export function quantile(samples: readonly number[], share: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (samples: readonly number[]): number => quantile(samples, 0.5);

/** Three significant digits are more than a shared machine can promise. */
export function round(figures: Readonly<Record<string, number>>): Record<string, number> {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(value.toPrecision(4))]));
}

export function describeMachine(): Record<string, string | number> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    loadAverage1: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}

export function currentCommit(): string {
  try {
    return execFileSync('git', ['rev-parse', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
