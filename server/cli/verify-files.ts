/** `zhengku verify`, whoever judges: read what is given, judge every file, say it. One file never stops the others.
 *  The offline verifier (one file, no install) is this room too, so it asks for nothing but Node and the signing floor. */
import { writeFileSync } from 'node:fs';
import { Fault } from '../../models/kernel/fault.ts';
import { escapeName, LOST_BYTE } from '../../models/kernel/plain-text.ts';
import { type TrustMaterial, UnreadablePath, type Verifier } from '../../models/verification/index.ts';
import { printReport, type ReportDocument, VERDICT_WORDS } from '../../signing/index.ts';
import { readCertificates } from '../settings/read-certificates.ts';
import { readCrlFile } from '../settings/read-crl-file.ts';
import { readRules } from '../settings/read-rules.ts';
import { type Given, readVerifyOptions, USAGE } from './verify-options.ts';

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
  const given = readVerifyOptions(argv);
  if (given.help) {
    say.out(USAGE);
    return 0;
  }
  if (given.fault !== undefined) {
    say.err(`zhengku verify: ${given.fault}\n\n${USAGE}`);
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

/** Do something with a path; what goes wrong is noted with it. */
function attempt<T>(troubles: string[], path: string, act: (path: string) => T): T | undefined {
  try {
    return act(path);
  } catch (error) {
    troubles.push(explain(path, error instanceof Fault ? (error.detail ?? error.code) : (error as Error).message));
    return undefined;
  }
}

/** Names come to this program as UTF-8: what is not has lost its bytes, and nobody can open it by what is left. */
function explain(path: string, why: string): string {
  if (!path.includes(LOST_BYTE)) return `${escapeName(path)}: ${why.replaceAll(path, escapeName(path))}`;
  return `${escapeName(path)}: the name is not UTF-8 and cannot be opened by it; rename the file`;
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
        faults.set(index, explain(file, error.message));
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

function describe({ file, valid, verdict, trusted, reason, checks }: ReportDocument): string {
  const lines = checks.map(({ name, outcome, code, where, zh, en }) => {
    const place = where ? ` [${where}]` : '';
    return `  ${MARKS[outcome]} ${name}${code ? ` ${code}` : ''}${place}  ${zh}  ${en}`;
  });
  const more = valid && verdict !== 'valid' ? `（${VERDICT_WORDS[verdict].zh} ${VERDICT_WORDS[verdict].en}）` : '';
  // nobody said whom to trust: nothing is wrong, but a self-made seal would look the same
  const intact = valid && trusted === null;
  const words = intact
    ? '完好，未判断信任 intact; trust not judged'
    : `${valid ? '有效 valid' : '无效 not valid'}${more}`;
  return `${escapeName(file ?? '')}: ${words}\n  ${reason.zh} ${reason.en}\n${lines.join('\n')}\n`;
}
