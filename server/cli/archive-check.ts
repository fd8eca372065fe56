/** `zhengku archive check`: each volume read and judged by itself, so that memory does not grow with their number. */
import { parseArgs } from 'node:util';
import { Fault } from '../../models/kernel/fault.ts';
import { escapeName } from '../../models/kernel/plain-text.ts';
import {
  type ArchiveCheck,
  checkVolume,
  checkVolumeFile,
  DEFAULT_RULES,
  refusedVolume,
  type VolumePolicy,
  type VolumeReport,
} from '../../signing/index.ts';
import { readCertificates } from '../settings/read-certificates.ts';
import { readCrlFile } from '../settings/read-crl-file.ts';
import { findVolumes, type GivenVolume, readFolder, readVolumeFile, UnsafeFolder } from './archive-read.ts';

const UNUSABLE = 2;

interface Told extends VolumeReport {
  readonly file: string;
}

export function checkArchives(argv: readonly string[], usage: string): number {
  const text = { type: 'string' } as const;
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: { trust: text, at: text, crl: { type: 'string', multiple: true }, json: { type: 'boolean' } },
  });
  const at = values.at === undefined ? new Date() : new Date(values.at);
  if (positionals.length === 0 || Number.isNaN(at.getTime())) {
    process.stderr.write(
      `zhengku archive check: ${positionals.length === 0 ? 'no volume is given' : '--at is no moment'}\n\n${usage}`,
    );
    return UNUSABLE;
  }
  const troubles: string[] = [];
  const policy = attempt(troubles, '--trust, --crl', () => readPolicy(values.trust, values.crl ?? [], at));
  const volumes = positionals.flatMap((path) => attempt(troubles, path, () => findVolumes(path)) ?? []);
  const told = policy ? volumes.flatMap((one) => attempt(troubles, one.path, () => judge(one, policy)) ?? []) : [];
  process.stdout.write(values.json ? `${JSON.stringify(told)}\n` : told.map(describe).join('\n'));
  for (const line of troubles) process.stderr.write(`zhengku archive check: ${line}\n`);
  if (troubles.length > 0) return UNUSABLE;
  return told.every(({ valid }) => valid) ? 0 : 1;
}

function readPolicy(trust: string | undefined, crls: readonly string[], at: Date): VolumePolicy {
  const certificates = trust === undefined ? {} : { certificates: readCertificates(trust) };
  return { policy: { at, ...certificates, crls: crls.flatMap(readCrlFile) }, rules: DEFAULT_RULES };
}

function judge({ path, kind }: GivenVolume, policy: VolumePolicy): Told {
  if (kind === 'file') return { file: path, ...checkVolumeFile(readVolumeFile(path), policy) };
  try {
    return { file: path, ...checkVolume(readFolder(path), policy) };
  } catch (error) {
    if (!(error instanceof UnsafeFolder)) throw error;
    return { file: path, ...refusedVolume(error.reason, error.message) };
  }
}

function attempt<T>(troubles: string[], path: string, act: () => T): T | undefined {
  try {
    return act();
  } catch (error) {
    const why = error instanceof Fault ? (error.detail ?? error.code) : (error as Error).message;
    troubles.push(`${escapeName(path)}: ${why}`);
    return undefined;
  }
}

const MARKS = { passed: '✔', warned: '!', failed: '✘', 'not-judged': '–' } as const;

function describe({ file, valid, trusted, volume, signer, checks }: Told): string {
  const verdict =
    valid && trusted === null ? '完好，未判断信任 intact; trust not judged' : valid ? '有效 valid' : '无效 not valid';
  const head = `${escapeName(file)}: ${verdict}\n  载体编号 ${escapeName(volume ?? '–')}　签名人 ${escapeName(signer ?? '–')}\n`;
  return `${head}${checks.map(lineOf).join('\n')}\n`;
}

function lineOf({ name, outcome, code, where, detail, zh, en }: ArchiveCheck): string {
  const place = where === undefined ? '' : ` [${escapeName(where)}]`;
  const more = detail === undefined ? '' : ` (${escapeName(detail)})`;
  return `  ${MARKS[outcome]} ${name}${code === undefined ? '' : ` ${code}`}${place}${more}  ${zh}  ${en}`;
}
