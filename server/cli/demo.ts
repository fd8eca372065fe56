/** `zhengku demo`: the whole journey, embedded. */
import { parseArgs } from 'node:util';
import { runDemo } from '../demo/run-demo.ts';

const usage = `zhengku demo [--exit]

Runs the whole journey of licences in $ZHENGKU_DATA_DIR/demo (default ./data/demo), which is cleared first, and stays up.
  --exit   end after the journey; exit status 0 only if every step held
ZHENGKU_PORT (default 8460) is the only fixed port.
`;

export async function run(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { exit: { type: 'boolean' }, help: { type: 'boolean' } } });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  return runDemo({ exit: values.exit ?? false });
}
