/** The sandbox's population and legal-person registries as a process of their own: `zhengku sandbox registry`. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { FAULT_NAMES, type FaultName, makeRegistryApp } from './app.ts';
import { foundRegister, REGISTER_FILE, readRegister } from './register.ts';

const OWNER_ONLY = 0o600;

const usage = `zhengku sandbox registry --data DIR [--token-file FILE] [--port N] [--bind ADDRESS] [--fail WORD] [--faults]

Reference population and legal-person registries for development: POST /population/compare and /legal-person/compare. They
hold what DIR/${REGISTER_FILE} says, invented persons and bodies; extend it as you like, it is read anew for each question. The
token is kept in FILE (default DIR/token) and made there at the first start. Port 0 (default) takes a free one. The first
line of the output is JSON: "url", "tokenFile", "registerFile".

--fail begins with a failure: ${FAULT_NAMES.join(', ')}. With --faults POST /faults {"fault": …} sets it, also back to none.
`;

export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: 'string', default: '0' },
      bind: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string' },
      'token-file': { type: 'string' },
      fail: { type: 'string', default: 'none' },
      faults: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  const { data, bind, port, fail: fault } = values;
  if (values.help || !data || !/^\d{1,5}$/.test(port) || !isFault(fault)) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  const registerFile = path.resolve(foundRegister(data));
  readRegister(registerFile);
  const tokenFile = path.resolve(values['token-file'] ?? path.join(data, 'token'));
  if (!existsSync(tokenFile)) writeFileSync(tokenFile, randomBytes(32).toString('base64url'), { mode: OWNER_ONLY });
  const token = readFileSync(tokenFile, 'utf8').trim();
  const server = createServer(makeRegistryApp({ registerFile, token, fault, allowFaults: values.faults }));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(Number(port), bind, resolve);
  });
  const host = bind.includes(':') ? `[${bind}]` : bind;
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  process.stdout.write(`${JSON.stringify({ url, tokenFile, registerFile })}\n`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return 0;
}

const isFault = (word: string): word is FaultName => (FAULT_NAMES as readonly string[]).includes(word);
