/** The programs the demonstration runs beside itself, started through the command line as anybody would. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** From the sources this file lies in server/demo, built in dist/server/demo. */
const PROGRAM = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../bin/zhengku.mjs' : '../../../bin/zhengku.mjs', import.meta.url),
);
const READY_WITHIN_MS = 60_000;

export type Environment = Readonly<Record<string, string>>;

/** Run a command to its end; gives what it printed. Throws when its exit status is not the one expected. */
export async function runCommand(argv: readonly string[], env: Environment, input = '', expected = 0): Promise<string> {
  const child = spawn(process.execPath, [PROGRAM, ...argv], {
    env: { ...process.env, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString('utf8');
  });
  child.stdin.end(input);
  const [status] = (await once(child, 'close')) as [number | null];
  if (status !== expected)
    throw new Error(`zhengku ${argv.join(' ')} ended with ${status}: ${err.slice(0, 2000)}${out.slice(0, 500)}`);
  return out;
}

export interface Service {
  /** Its first line of output, when it prints one. */
  readonly firstLine: string;
  stop(): Promise<void>;
}

/** Start a service whose log goes to a file; `ready` is asked until it says yes. */
export async function startService(
  argv: readonly string[],
  env: Environment,
  logFile: string,
  ready: (firstLine: string) => Promise<boolean>,
): Promise<Service> {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [PROGRAM, ...argv], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', log],
  });
  closeSync(log);
  let out = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const [firstLine = ''] = out.split('\n');
    if (await ready(firstLine).catch(() => false)) return { firstLine, stop: () => stop(child) };
    if (child.exitCode !== null || Date.now() > deadline) {
      await stop(child);
      throw new Error(`zhengku ${argv.join(' ')} did not start: ${readFileSync(logFile, 'utf8').slice(-2000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
