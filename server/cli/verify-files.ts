/** `zhengku verify`, whoever judges: read what is given, judge every file, say it. One file never stops the others.
 *  The offline verifier (one file, no install) is this room too, so it asks for nothing but Node and the signing floor. */
import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { Fault } from '../../models/kernel/fault.ts';
import { type TrustMaterial, UnreadablePath, type Verifier } from '../../models/verification/index.ts';
import { printReport, type ReportDocument, VERDICT_WORDS } from '../../signing/index.ts';
import { readCertificates } from '../settings/read-certificates.ts';
import { readCrlFile } from '../settings/read-crl-file.ts';
import { readRules } from '../settings/read-rules.ts';

export const USAGE = `zhengku verify FILE… [--trust DIR] [--crl FILE]… [--makers DIR] [--rules NAME|FILE] [--at TIME] [--json]
               [--out FILE] [--html FILE] [--jobs N]

  --trust DIR   folder of PEM or DER certificates: self-signed ones are trust anchors (of signers and of seal makers),
                others are issuing certificates a file may have left out
  --crl FILE    certificate revocation list, PEM or DER; may be given several times
  --makers DIR  folder of certificates of accepted seal makers; without it any maker that leads to an anchor
  --rules R     what is made of the findings: default, strict, archive, or a JSON file (docs/verification.md)
  --at TIME     judge as of this moment (ISO 8601); default: now
  --json        an array, one object a file, and nothing else on standard output
  --out FILE    write that array to a file as well
  --html FILE   write the report of the one file given as a page to print
  --jobs N      judge N files at a time; default 1. From 2 on every file is judged in a thread and given up after 20 s
                (TOO_LARGE); with 1, and always in the offline verifier, nothing ends a file that takes long

Exit status 0: all valid; 1: some not; 2: usage, or a path that cannot be read as what it is given for.
`;

const UNUSABLE = 2;

/** Makes the judge for so many files at a time. */
export type OpenVerifier = (jobs: number) => Verifier;

/** Where it is said. */
export interface Voices {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
}

const PROCESS: Voices = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
};

export async function verifyFiles(
  argv: readonly string[],
  openVerifier: OpenVerifier,
  say: Voices = PROCESS,
): Promise<number> {
  const given = readOptions(argv);
  if (given.help) {
    say.out(USAGE);
    return 0;
  }
  if (given.fault || given.files.length === 0) {
    say.err(USAGE);
    return UNUSABLE;
  }
  const troubles: string[] = [];
  const material = readMaterial(given, troubles);
  const reports = material ? await judgeAll(given, material, openVerifier(given.jobs), troubles) : [];
  const json = `${JSON.stringify(reports)}\n`;
  say.out(given.json ? json : reports.map(describe).join('\n'));
  if (given.out !== undefined) attempt(troubles, given.out, (path) => writeFileSync(path, json));
  const [only] = reports;
  if (given.html !== undefined && only) attempt(troubles, given.html, (path) => writeFileSync(path, printReport(only)));
  for (const line of troubles) say.err(`zhengku verify: ${line}\n`);
  if (troubles.length > 0) return UNUSABLE;
  return reports.every((report) => report.valid) ? 0 : 1;
}

interface Given {
  readonly files: readonly string[];
  readonly at: Date;
  readonly jobs: number;
  readonly trust: string | undefined;
  readonly makers: string | undefined;
  readonly crls: readonly string[];
  readonly rules: string;
  readonly json: boolean;
  readonly out: string | undefined;
  readonly html: string | undefined;
  readonly help: boolean;
  readonly fault: boolean;
}

function readOptions(argv: readonly string[]): Given {
  const text = { type: 'string' } as const;
  const flag = { type: 'boolean' } as const;
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      trust: text,
      crl: { type: 'string', multiple: true },
      makers: text,
      rules: text,
      at: text,
      json: flag,
      out: text,
      html: text,
      jobs: text,
      help: flag,
    },
  });
  const at = values.at === undefined ? new Date() : new Date(values.at);
  const jobs = Number(values.jobs ?? '1');
  const isCount = Number.isInteger(jobs) && jobs >= 1;
  return {
    files: positionals,
    at,
    jobs: isCount ? Math.min(jobs, availableParallelism() * 2) : 1,
    trust: values.trust,
    makers: values.makers,
    crls: values.crl ?? [],
    rules: values.rules ?? 'default',
    json: values.json ?? false,
    out: values.out,
    html: values.html,
    help: values.help ?? false,
    fault: Number.isNaN(at.getTime()) || !isCount || (values.html !== undefined && positionals.length > 1),
  };
}

/** Do something with a path; what goes wrong is noted with it. */
function attempt<T>(troubles: string[], path: string, act: (path: string) => T): T | undefined {
  try {
    return act(path);
  } catch (error) {
    troubles.push(`${path}: ${error instanceof Fault ? error.detail : (error as Error).message}`);
    return undefined;
  }
}

/** Undefined when any part of it cannot be read: trust that silently lacks something misleads. */
function readMaterial(given: Given, troubles: string[]): TrustMaterial | undefined {
  const certificates = given.trust === undefined ? undefined : attempt(troubles, given.trust, readCertificates);
  const sealMakers = given.makers === undefined ? undefined : attempt(troubles, given.makers, readCertificates);
  const crls = given.crls.flatMap((path) => attempt(troubles, path, readCrlFile) ?? []);
  const rules = attempt(troubles, given.rules, readRules);
  return rules && troubles.length === 0 ? { certificates, sealMakers, crls, rules } : undefined;
}

/** In the order given, however many are judged at a time. */
async function judgeAll(
  given: Given,
  material: TrustMaterial,
  verifier: Verifier,
  troubles: string[],
): Promise<ReportDocument[]> {
  const { files, jobs, at } = given;
  const reports = new Map<number, ReportDocument>();
  const faults = new Map<number, string>();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < files.length; index = next++) {
      const file = files[index] ?? '';
      try {
        reports.set(index, await verifier.judge({ bytes: file, material, at, file }));
      } catch (error) {
        if (!(error instanceof UnreadablePath)) throw error;
        faults.set(index, `${file}: ${error.message}`);
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(jobs, files.length) }, worker));
  } finally {
    await verifier.close();
  }
  const inOrder = files.map((_, index) => index);
  troubles.push(...inOrder.flatMap((index) => faults.get(index) ?? []));
  return inOrder.flatMap((index) => reports.get(index) ?? []);
}

const MARKS = { passed: '✔', warned: '!', failed: '✘', 'not-judged': '–' } as const;

function describe({ file, valid, verdict, reason, checks }: ReportDocument): string {
  const lines = checks.map(({ name, outcome, code, where, zh, en }) => {
    const place = where ? ` [${where}]` : '';
    return `  ${MARKS[outcome]} ${name}${code ? ` ${code}` : ''}${place}  ${zh}  ${en}`;
  });
  // without trust anchors nothing is wrong, and nothing more can be said
  const words = valid ? '有效 valid' : '无效 not valid';
  const more = valid && verdict !== 'valid' ? `（${VERDICT_WORDS[verdict].zh} ${VERDICT_WORDS[verdict].en}）` : '';
  return `${file}: ${words}${more}\n  ${reason.zh} ${reason.en}\n${lines.join('\n')}\n`;
}
