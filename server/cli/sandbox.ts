/** `zhengku sandbox`: what stands for the outside world, each in a process of its own. */
import { findFontDir } from '../settings/settings.ts';

const usage = `zhengku sandbox province …   the reference provincial library (--help says more)
zhengku sandbox province --profile henan …   its side of Henan's front-end tables
zhengku sandbox registry …   population and legal-person registries that compare holders
zhengku sandbox trust …      time-stamps, revocation lists, a signing service, with SM2 and RSA keys of its own
`;

export async function run(argv: readonly string[]): Promise<number> {
  const [name, ...rest] = argv;
  if (name === 'province' && isHenan(rest)) {
    const { main } = await import('../sandbox/henan/main.ts');
    return main(rest);
  }
  if (name === 'province') {
    const { main } = await import('../sandbox/province/main.ts');
    return main(rest);
  }
  if (name === 'registry') {
    const { main } = await import('../sandbox/registry/main.ts');
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

const isHenan = (argv: readonly string[]): boolean =>
  argv.includes('--profile=henan') || argv.some((word, at) => word === '--profile' && argv[at + 1] === 'henan');
