/** Henan's reference province as a process of its own: `zhengku sandbox province --profile henan`. */
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { henanProfile, openFrontEnd } from '../../../exchange/henan/index.ts';
import { fromPemOrDer } from '../../../signing/index.ts';
import { openHenanLibrary } from './library.ts';
import { moveRows } from './task.ts';

const usage = `zhengku sandbox province --profile henan --url sqlite:FILE|mysql://… --data DIR [--trust DIR] [--every SECONDS]
                         [--once] [--withhold-codes] [--refuse TEXT]

The province's side of Henan's front-end tables, to try the exchange against: it makes the tables at the address, moves
what waits in them into a library of its own every few seconds (120), gives catalogue entries their codes, and puts what it
refuses into dn_lic_data_error. ZHENGKU_PROVINCE_URL of the city is the same address. The first line of its output is {"url"}.

--once             move once and end
--withhold-codes   give no codes: licences wait at the city's
--refuse TEXT      refuse licences in whose number TEXT stands
`;

export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      profile: { type: 'string' },
      url: { type: 'string' },
      data: { type: 'string' },
      trust: { type: 'string' },
      every: { type: 'string', default: '120' },
      once: { type: 'boolean', default: false },
      'withhold-codes': { type: 'boolean', default: false },
      refuse: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const { url, data, every } = values;
  if (values.help || !data || !url || !/^(sqlite:.|mysql:\/\/)/.test(url) || !/^\d{1,6}$/.test(every)) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  mkdirSync(data, { recursive: true });
  const connection = openFrontEnd(url, { create: true });
  const library = openHenanLibrary(path.join(data, 'henan.db'));
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  try {
    await henanProfile.init(connection);
    process.stdout.write(`${JSON.stringify({ url })}\n`);
    const word = values.refuse;
    const refuse = word ? ({ text }: { text: Readonly<Record<string, string>> }) => refuseBy(word, text) : undefined;
    const faults = { withholdCodes: values['withhold-codes'], ...(refuse ? { refuse } : {}) };
    const trust = values.trust ? readTrust(values.trust) : [];
    while (!stop.signal.aborted) {
      const moved = await moveRows({ connection, library, trust, clock: () => new Date(), faults });
      if (moved > 0) process.stdout.write(`${JSON.stringify({ moved })}\n`);
      if (values.once) break;
      await wait(Number(every) * 1000, undefined, { signal: stop.signal }).catch(() => undefined);
    }
  } finally {
    library.close();
    await connection.close();
  }
  return 0;
}

function refuseBy(word: string, text: Readonly<Record<string, string>>): string | undefined {
  return text.license_number?.includes(word) ? `按测试开关拒收 ${word}` : undefined;
}

function readTrust(folder: string): Uint8Array[] {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return files.flatMap(({ name }) => fromPemOrDer(readFileSync(path.join(folder, name)), 'CERTIFICATE'));
}
