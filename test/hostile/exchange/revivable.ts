/** A program that is killed without warning and started again over the same folder and port. Killed is SIGKILL, always. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';

export interface RevivableOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** A line of its output that says it takes work. */
  readonly ready: RegExp;
  readonly logFile: string;
}

const READY_WITHIN_MS = 60_000;

export class Revivable {
  readonly name: string;
  /** How often it was killed. */
  kills = 0;
  readonly #options: RevivableOptions;
  #child: ChildProcess | undefined;

  constructor(options: RevivableOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get isUp(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number | undefined {
    return this.isUp ? this.#child?.pid : undefined;
  }

  /** Gives the line by which it said that it is ready. */
  async start(): Promise<string> {
    const { command, args, env, ready, logFile, name } = this.#options;
    const child = spawn(command, args, { env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    const leaveNone = () => child.kill('SIGKILL');
    process.once('exit', leaveNone);
    child.once('exit', () => process.removeListener('exit', leaveNone));
    let text = '';
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${name} was not ready in time`)), READY_WITHIN_MS);
      const hear = (chunk: Buffer) => {
        appendFileSync(logFile, chunk);
        if (text === 'ready') return;
        text += chunk.toString('utf8');
        const line = text.split('\n').find((one) => ready.test(one));
        if (line === undefined) return;
        text = 'ready';
        clearTimeout(timer);
        resolve(line);
      };
      child.stdout.on('data', hear);
      child.stderr.on('data', hear);
      child.once('error', reject);
      child.once('exit', (status, signal) => {
        clearTimeout(timer);
        // Killed while it was starting: the next start makes up for it.
        if (signal === 'SIGKILL') resolve('');
        else reject(new Error(`${name} ended with ${status}`));
      });
    });
  }

  async kill(): Promise<void> {
    if (!this.isUp) return;
    this.kills += 1;
    await this.#end('SIGKILL');
  }

  /** Ask it to end. The status it ends with. */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM');
  }

  async #end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (!child || !this.isUp) return child?.exitCode ?? null;
    const gone = once(child, 'exit') as Promise<[number | null]>;
    child.kill(signal);
    const [status] = await gone;
    return status;
  }
}
