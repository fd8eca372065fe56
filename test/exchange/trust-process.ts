import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { TrustUrls } from '../../server/sandbox/trust/start-trust.ts';
import { PROGRAM } from '../world/program.ts';

export interface TrustProcess {
  readonly urls: TrustUrls;
  stop(): Promise<void>;
}

/** `zhengku sandbox trust` as a process of its own, once it has said where it listens. */
export async function startTrustProcess(dataDir: string): Promise<TrustProcess> {
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, 'sandbox', 'trust', '--data', dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  if (!child.stdout) throw new Error('no output');
  const line = once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text));
  const first = await Promise.race([line, ended.then(([code]) => `ended with ${code}`)]);
  return {
    urls: JSON.parse(first) as TrustUrls,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
