/** `zhengku archive`: make an ordered batch and write its volumes out, or check volumes offline. */
import { checkArchives } from './archive-check.ts';
import { makeArchive } from './archive-make.ts';

const USAGE = `zhengku archive check FILE|DIR… [--trust DIR] [--crl FILE]… [--at TIME] [--json]
zhengku archive make --batch NUMBER --out DIR

check: judge archive volumes (归档信息包) offline, without a database: all files there that the manifest names and no others,
digests, the manifest's signature, every sealed original, the rules of OFD-A, the metadata. A DIR is a volume that was
unpacked (its 清单.sm3 lies in it), or a folder of volumes (*.zip). The certificates and revocation lists inside help to
judge; whom to trust is said by --trust.

  --trust DIR   folder of PEM or DER certificates; without it nobody says whom to trust, and trust is not judged
  --crl FILE    further revocation list; may be given several times
  --at TIME     judge as of this moment (ISO 8601); default: now
  --json        an array, one object a volume: {file, valid, trusted, volume, contentSm3, signer, checks}

make: go on with the batch (批次号 or id, as ordered by POST /api/v1/archives) until it is made, and write its volumes to DIR.

Exit status 0: all valid; 1: some not, or the batch failed; 2: usage, or a path that cannot be read.
`;

export async function run(argv: readonly string[]): Promise<number> {
  const [act, ...rest] = argv;
  if (act === 'check' && !rest.includes('--help')) return checkArchives(rest, USAGE);
  if (act === 'make' && !rest.includes('--help')) return makeArchive(rest, USAGE);
  if (argv.includes('--help')) {
    process.stdout.write(USAGE);
    return 0;
  }
  process.stderr.write(USAGE);
  return 2;
}
