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
  stop(): Promise<void>;
}

/** Start a service whose log goes to a file; it is up when it prints its first line, a JSON object, which is given back.
 *  From the first moment it stands in `services`, so that it is stopped whatever happens. */
export async function startService<T>(
  services: Service[],
  argv: readonly string[],
  env: Environment,
  logFile: string,
): Promise<T> {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [PROGRAM, ...argv], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', log],
  });
  closeSync(log);
  services.push({ stop: () => stop(child) });
  let out = '';
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString('utf8');
  });
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const [firstLine = ''] = out.split('\n');
    if (firstLine.startsWith('{') && out.includes('\n')) return JSON.parse(firstLine) as T;
    if (child.exitCode !== null || Date.now() > deadline) {
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
