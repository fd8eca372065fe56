/** `zhengku audit verify`: walk the access log and recompute its chain. */
import { parseArgs } from 'node:util';
import { verifyAudit } from '../../models/audit/index.ts';
import { withHouse } from './with-house.ts';

const usage = `zhengku audit verify [--json]

Exit status 0: the chain holds; 1: it does not (the first entry at fault is named).
`;

export async function run(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { json: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help || positionals[0] !== 'verify') {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  return withHouse(async (house) => {
    const result = await verifyAudit(house);
    const words = result.holds
      ? `${result.entries} entries, the chain holds`
      : `the chain breaks at entry ${result.brokenAt}: ${result.reason}`;
    process.stdout.write(`${values.json ? JSON.stringify(result) : words}\n`);
    return result.holds ? 0 : 1;
  });
}
