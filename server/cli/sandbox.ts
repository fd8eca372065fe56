/** `zhengku sandbox`: what stands for the outside world, each in a process of its own. */
import { findFontDir } from '../settings/settings.ts';

const usage = `zhengku sandbox province …   the reference provincial library (--help says more)
zhengku sandbox trust …      time-stamps, revocation lists, a signing service, with SM2 and RSA keys of its own
`;

export async function run(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === 'province') {
    const { main } = await import('../sandbox/province/main.ts');
    return main(rest);
  }
  if (name === 'trust') {
    const { main } = await import('../sandbox/trust/main.ts');
    return main(rest, findFontDir());
  }
  const asked = name === '--help' || name === '-h';
  (asked ? process.stdout : process.stderr).write(usage);
  return asked ? 0 : 2;
}
