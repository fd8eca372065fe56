/** The real program as its own processes: started, killed without warning, started again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import { PROGRAM } from '../world/program.ts';

const READY_WITHIN_MS = 60_000;

export type Environment = Readonly<Record<string, string>>;

/** Start `zhengku …`; its log is appended to a file. */
export function startProgram(argv: readonly string[], env: Environment, logFile: string): ChildProcess {
  const child = spawn(process.execPath, [PROGRAM, ...argv], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stderr?.on('data', (chunk: Buffer) => appendFileSync(logFile, chunk));
  return child;
}

/** Run a command to its end. Throws unless it ends with status 0. */
export async function runProgram(argv: readonly string[], env: Environment, logFile: string): Promise<void> {
  const [status] = (await once(startProgram(argv, env, logFile), 'exit')) as [number | null];
  if (status !== 0) throw new Error(`zhengku ${argv.join(' ')} ended with ${status}; see ${logFile}`);
}

/** The first line a program prints. */
export function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
      if (text.includes('\n')) resolve(text.split('\n')[0] ?? '');
    });
    child.once('exit', (code) => reject(new Error(`ended with ${code} before its first line`)));
  });
}

/** Wait until it answers that it is ready. */
export async function untilReady(child: ChildProcess, base: string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (child.exitCode === null && child.signalCode === null && Date.now() < deadline) {
    const ready = await fetch(`${base}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  // One that is to end itself at a named point may have got there before anybody asked.
  if (child.signalCode === 'SIGKILL') return;
  throw new Error('the server did not come up');
}

/** Gives when the process is gone. */
export async function end(child: ChildProcess, signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill(signal);
  await gone;
}
