/** The sandbox's trust services as a process of its own: `zhengku sandbox trust`. */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { startTrust } from './start-trust.ts';

const usage = `zhengku sandbox trust --data DIR [--authority DIR] [--port N] [--bind ADDRESS]

Trust services for development: time-stamps (RFC 3161) with SM2 and RSA. Keys are read from the authority folder
(default DIR/authority), and made there at the first start. Port 0 (default) takes a free one. The first line of its
output is {"url", "tsaSm2", "tsaRsa", "trustDir"}; trustDir holds the root certificates a verifier has to trust.
`;

export async function main(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      port: { type: 'string', default: '0' },
      bind: { type: 'string', default: '127.0.0.1' },
      data: { type: 'string' },
      authority: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  const { data, authority, bind, port } = values;
  if (values.help || !data || !/^\d{1,5}$/.test(port)) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  const trust = await startTrust({
    ...{ port: Number(port), bind, dataDir: data },
    ...(authority === undefined ? {} : { authorityDir: authority }),
    clock: () => new Date(),
    random: (count) => randomBytes(count),
  });
  process.stdout.write(`${JSON.stringify(trust.urls)}\n`);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
  await trust.close();
  return 0;
}
