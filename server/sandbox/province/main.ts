/** The reference provincial library as a process of its own: `zhengku sandbox province`. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fromPemOrDer } from '../../../signing/index.ts';
import { startProvince } from './start-province.ts';

const usage = `zhengku sandbox province --data DIR --city-certificate FILE [--trust DIR] [--port N] [--bind ADDRESS]
         [--threads N] [--faults]

A small provincial library to try the exchange against: it verifies each request and each file, keeps what is right and
answers with signed receipts. Port 0 (default) takes a free one. The first line of its output is {"url", "keyFile"};
the key file is what ZHENGKU_PROVINCE_KEY wants. Without --trust no signer is known to it, and every file is refused.
--threads: how many verify files (default 1). --faults: POST /faults makes it answer 500, late, with garbage or lies.
`;

export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: 'string', default: '0' },
      bind: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string' },
      'city-certificate': { type: 'string' },
      trust: { type: 'string' },
      threads: { type: 'string', default: '1' },
      faults: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  const { data, trust, 'city-certificate': cityFile } = values;
  if (values.help || !data || !cityFile || !/^\d{1,5}$/.test(values.port) || !/^\d{1,2}$/.test(values.threads)) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  const [cityCertificate] = fromPemOrDer(readFileSync(cityFile), 'CERTIFICATE');
  if (!cityCertificate) return 2;
  const province = await startProvince({
    ...{ port: Number(values.port), bind: values.bind, dataDir: data, cityCertificate },
    trust: trust ? readTrust(trust) : [],
    clock: () => new Date(),
    ...{ threads: Number(values.threads), allowFaults: values.faults },
  });
  process.stdout.write(`${JSON.stringify({ url: province.url, keyFile: province.keyFile })}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await province.close();
  return 0;
}

function readTrust(folder: string): Uint8Array[] {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap(({ name }) => fromPemOrDer(readFileSync(path.join(folder, name)), 'CERTIFICATE'));
}
