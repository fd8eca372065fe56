/** A child of the bench that answers a line with a line, and how much memory it held at most. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export interface WorkerProcess {
  readonly pid: number;
  /** @throws Error with what the process said last, when it ends instead of answering */
  ask<T>(line: string): Promise<T>;
  /** Resident memory at its highest, MB. */
  peakMb(): number;
  stop(): Promise<void>;
}

export async function startWorker(program: string, env: NodeJS.ProcessEnv): Promise<WorkerProcess> {
  const profile = process.env.ZK_BENCH_PROFILE ? ['--cpu-prof', `--cpu-prof-dir=${process.env.ZK_BENCH_PROFILE}`] : [];
  const child = spawn(process.execPath, [...profile, program], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const said: string[] = [];
  createInterface({ input: child.stderr }).on('line', (line) => void (said.push(line) > 20 && said.shift()));
  const answers: string[] = [];
  let wake: () => void = () => undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    answers.push(line);
    wake();
  });
  let ended = false;
  const exited = new Promise<void>((resolve) =>
    child.once('exit', () => {
      ended = true;
      wake();
      resolve();
    }),
  );
  const next = async () => {
    while (answers.length === 0) {
      if (ended) throw new Error(`the worker ended:\n${said.join('\n')}`);
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return answers.shift() ?? '';
  };
  await next();
  const pid = child.pid ?? 0;
  return {
    pid,
    async ask(line) {
      child.stdin.write(`${line}\n`);
      return JSON.parse(await next());
    },
    peakMb: () => Number(/VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024,
    async stop() {
      child.stdin.write('end\n');
      await exited;
    },
  };
}
