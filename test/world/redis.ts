/** A private Redis without persistence, for as long as a test needs it. */
import { freePort } from './free-port.ts';
import { findProgram } from './programs.ts';
import { startProcess } from './start-process.ts';
import { temporaryFolder } from './temporary-folder.ts';

export interface Redis {
  readonly pid: number;
  readonly port: number;
  /** `redis://127.0.0.1:port` */
  readonly url: string;
  stop(): Promise<void>;
}

/** @param at the port of one that was stopped; default: a free one */
export async function startRedis(at?: number): Promise<Redis> {
  const path = findProgram('redis-server');
  if (path === undefined) throw new Error('redis-server is not on PATH (Debian package redis-server)');
  const folder = temporaryFolder();
  const port = at ?? (await freePort());
  const settings = ['--save', '', '--appendonly', 'no', '--maxmemory-policy', 'noeviction'];
  const server = await startProcess(
    path,
    ['--bind', '127.0.0.1', '--port', String(port), '--dir', folder.path, ...settings],
    { ready: /ready to accept connections/i },
  );
  return {
    pid: server.pid,
    port,
    url: `redis://127.0.0.1:${port}`,
    async stop() {
      await server.stop();
      folder.remove();
    },
  };
}
