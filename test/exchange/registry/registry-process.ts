import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import type { FaultName } from '../../../server/sandbox/registry/app.ts';
import type { Register, RegisterName } from '../../../server/sandbox/registry/register.ts';
import { PROGRAM } from '../../world/program.ts';

export interface RegistryProcess {
  readonly url: string;
  readonly token: string;
  /** How it fails from now on. */
  fail(fault: FaultName): Promise<void>;
  /** Write a person or body into its file, in place of who has the number. */
  hold(register: RegisterName, record: Register[RegisterName][number]): void;
  stop(): Promise<void>;
}

/** `zhengku sandbox registry` as a process of its own, once it has said where it listens. */
export async function startRegistry(dataDir: string, port = 0): Promise<RegistryProcess> {
  const words = ['sandbox', 'registry', '--data', dataDir, '--port', String(port), '--faults'];
  const child: ChildProcess = spawn(process.execPath, [PROGRAM, ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  if (!child.stdout) throw new Error('no output');
  const line = once(createInterface({ input: child.stdout }), 'line').then(([text]) => String(text));
  const first = await Promise.race([line, ended.then(([code]) => `ended with ${code}`)]);
  const { url, tokenFile, registerFile } = JSON.parse(first) as Record<'url' | 'tokenFile' | 'registerFile', string>;
  return {
    ...{ url, token: readFileSync(tokenFile, 'utf8') },
    async fail(fault) {
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(`${url}/faults`, { method: 'POST', headers, body: JSON.stringify({ fault }) });
      if (!response.ok) throw new Error(`the registry took no fault: ${response.status}`);
      await response.arrayBuffer();
    },
    hold(register, record) {
      const held = JSON.parse(readFileSync(registerFile, 'utf8')) as Register;
      const others = held[register].filter(({ number }) => number !== record.number);
      writeFileSync(registerFile, JSON.stringify({ ...held, [register]: [...others, record] }));
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
