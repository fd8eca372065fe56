/** Start an outside program, wait until it says that it is ready, stop it by its own process id. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface RunningProcess {
  readonly pid: number;
  /** Ask it to end, and wait until it has. */
  stop(): Promise<void>;
}

export interface StartOptions {
  /** A line of its output that says it takes connections. */
  readonly ready: RegExp;
  readonly withinMs?: number;
  readonly env?: NodeJS.ProcessEnv;
}

/** @throws Error with the last output lines when the program ends, or stays silent, before it is ready */
export async function startProcess(
  command: string,
  args: readonly string[],
  options: StartOptions,
): Promise<RunningProcess> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: options.env ?? process.env });
  const ended = once(child, 'exit');
  const kill = (): boolean => child.kill('SIGKILL');
  process.once('exit', kill);
  const lines: string[] = [];
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`${command} ${why}:\n${lines.slice(-10).join('\n')}`));
    const timer = setTimeout(() => {
      kill();
      fail('was not ready in time');
    }, options.withinMs ?? 15_000);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => {
        lines.push(line);
        if (lines.length > 200) lines.shift();
        if (options.ready.test(line)) {
          clearTimeout(timer);
          resolve();
        }
      });
    }
    child.once('error', (error) => fail(error.message));
    child.once('exit', (code) => fail(`ended with status ${code}`));
  });
  return {
    pid: child.pid ?? 0,
    async stop() {
      process.removeListener('exit', kill);
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    },
  };
}
