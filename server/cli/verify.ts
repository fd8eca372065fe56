/** `zhengku verify`: judge files offline, by what their bytes prove. One file never stops the others. */
import { readFileSync, statSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Fault } from '../../models/kernel/fault.ts';
import { type VerificationPolicy, type VerificationReport, verifyFile } from '../../signing/index.ts';
import { readCertificates } from '../settings/read-certificates.ts';
import { readCrlFile } from '../settings/read-crl-file.ts';

const usage = `zhengku verify FILE… [--trust DIR] [--crl FILE]… [--at TIME] [--json]

  --trust DIR   folder of PEM or DER certificates: self-signed ones are trust anchors (of signers and of seal makers),
                others are issuing certificates a file may have left out
  --crl FILE    certificate revocation list, PEM or DER; may be given several times
  --at TIME     judge as of this moment (ISO 8601); default: now
  --json        an array, one object a file, and nothing else on standard output

Exit status 0: all valid; 1: some not; 2: usage, or a path that cannot be read as what it is given for.
`;

interface Judged extends Pick<VerificationReport, 'signed' | 'valid' | 'trusted' | 'checks'> {
  readonly file: string;
}

const MOST_BYTES = 512 * 1024 * 1024;
const UNUSABLE = 2;

export async function run(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      trust: { type: 'string' },
      crl: { type: 'string', multiple: true },
      at: { type: 'string' },
      json: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const at = values.at === undefined ? new Date() : new Date(values.at);
  if (positionals.length === 0 || Number.isNaN(at.getTime())) {
    process.stderr.write(usage);
    return UNUSABLE;
  }
  const unreadable: string[] = [];
  const read = <T>(path: string, reader: (path: string) => T): T | undefined => {
    try {
      return reader(path);
    } catch (error) {
      unreadable.push(`${path}: ${error instanceof Fault ? error.detail : (error as Error).message}`);
      return undefined;
    }
  };
  const certificates = values.trust === undefined ? undefined : read(values.trust, readCertificates);
  const crls = (values.crl ?? []).flatMap((path) => read(path, readCrlFile) ?? []);
  const policy: VerificationPolicy = { at, crls, ...(certificates ? { certificates } : {}) };
  const judged: Judged[] = [];
  for (const file of unreadable.length > 0 ? [] : positionals) {
    const bytes = read(file, readWhole);
    if (bytes) judged.push(judge(file, bytes, policy));
  }
  process.stdout.write(values.json ? `${JSON.stringify(judged)}\n` : judged.map(describe).join('\n'));
  for (const line of unreadable) process.stderr.write(`zhengku verify: ${line}\n`);
  if (unreadable.length > 0) return UNUSABLE;
  return judged.every((report) => report.valid) ? 0 : 1;
}

function readWhole(file: string): Uint8Array {
  if (statSync(file).size > MOST_BYTES) throw new RangeError('the file is larger than 512 MiB');
  return readFileSync(file);
}

function judge(file: string, bytes: Uint8Array, policy: VerificationPolicy): Judged {
  const { signed, valid, trusted, checks } = verifyFile(bytes, policy);
  return { file, signed, valid, trusted, checks };
}

const MARKS = { passed: '✔', warned: '!', failed: '✘', 'not-judged': '–' } as const;

function describe({ file, valid, checks }: Judged): string {
  const lines = checks.map(({ name, outcome, code, where, zh, en }) => {
    const place = where ? ` [${where}]` : '';
    return `  ${MARKS[outcome]} ${name}${code ? ` ${code}` : ''}${place}  ${zh}  ${en}`;
  });
  return `${file}: ${valid ? '有效 valid' : '无效 not valid'}\n${lines.join('\n')}\n`;
}
