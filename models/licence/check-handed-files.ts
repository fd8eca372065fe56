/** Verify files that departments have sealed themselves, over their own bytes, in the verifying threads, several at a time. */
import { readOfdCustomData, readPdfCustomData } from '../../signing/index.ts';
import type { House } from '../house.ts';
import { parseIdentifier } from '../identifier/licence-identifier.ts';
import { sm3Hex } from '../kernel/digest.ts';
import { Fault, type PointedFault } from '../kernel/fault.ts';
import { inLanes } from '../kernel/in-lanes.ts';
import { openJudge } from '../verification/judge-in-house.ts';
import type { LicenceFileColumns } from './rows.ts';

export interface HandedFile {
  readonly format: string;
  readonly bytes: Uint8Array;
  /** SM3 as the department states it, hex; null when it states none. */
  readonly sm3: string | null;
}

export interface JudgedFile {
  readonly format: LicenceFileColumns['format'];
  readonly bytes: Uint8Array;
  /** SM3 of the bytes. */
  readonly digest: string;
  /** `FILE_NOT_WHAT_IT_SAYS`, `FILE_REFUSED` naming the failed checks, `FILE_MISMATCH`; none when it is good. */
  readonly faults: readonly PointedFault[];
}

/** More than any machine has threads for them, fewer than may wait for one. */
const VERIFIED_AT_ONCE = 16;

/** Files of one licence that `judgeAhead` has verified, or the fault why it could not. */
export class JudgedFiles {
  readonly outcome: readonly JudgedFile[] | Fault;

  constructor(outcome: readonly JudgedFile[] | Fault) {
    this.outcome = outcome;
  }
}

interface Handed {
  readonly identifier: string;
  readonly files: readonly HandedFile[] | JudgedFiles;
}

/** Verify the files of some licences while others are being recorded; to be handed over in the place of their files. */
export async function judgeAhead(
  house: House,
  licences: readonly { readonly identifier: string; readonly files: readonly HandedFile[] }[],
): Promise<JudgedFiles[]> {
  return (await checkHandedFiles(house, licences)).map((outcome) => new JudgedFiles(outcome));
}

/** For each of the licences its files, or the fault of the house why they could not be judged now (`VERIFIER_BUSY`). */
export async function checkHandedFiles(
  house: House,
  licences: readonly Handed[],
): Promise<readonly (readonly JudgedFile[] | Fault)[]> {
  const all = licences.flatMap(({ files, identifier }, index) =>
    files instanceof JudgedFiles ? [] : files.map((file) => ({ file, identifier, index })),
  );
  const judge = await openJudge(house);
  const judged = await inLanes(all, VERIFIED_AT_ONCE, async ({ file, identifier }) => {
    try {
      return await checkFile(judge, file, identifier);
    } catch (error) {
      if (error instanceof Fault) return error;
      throw error;
    }
  });
  const groups: (JudgedFile[] | Fault)[] = licences.map(() => []);
  for (const [place, { index }] of all.entries()) {
    const [group, one] = [groups[index], judged[place]];
    if (!group || !one || group instanceof Fault) continue;
    if (one instanceof Fault) groups[index] = one;
    else group.push(one);
  }
  return groups.map((group, index) => {
    const files = licences[index]?.files;
    return files instanceof JudgedFiles ? files.outcome : group;
  });
}

async function checkFile(
  judge: Awaited<ReturnType<typeof openJudge>>,
  { format, bytes, sm3 }: HandedFile,
  identifier: string,
): Promise<JudgedFile> {
  const report = await judge(bytes);
  // Computed where the file was judged; an examination that was broken off gives none.
  const digest = report.sm3 ?? sm3Hex(bytes);
  const file = { format: format as JudgedFile['format'], bytes, digest };
  const pointer = `/files/${format}`;
  if (sm3 && sm3.trim().toLowerCase() !== digest)
    return { ...file, faults: [{ pointer: `${pointer}/sm3`, code: 'FILE_MISMATCH' }] };
  if (report.format !== format)
    return { ...file, faults: [{ pointer, code: 'FILE_NOT_WHAT_IT_SAYS', detail: report.format }] };
  if (report.valid && report.trusted === true) {
    const detail = findContradiction(format, bytes, identifier);
    return { ...file, faults: detail ? [{ pointer, code: 'FILE_MISMATCH', detail }] : [] };
  }
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed');
  const detail = failed.map(({ name, code, zh }) => `${name} ${code ?? ''} ${zh}`).join('；');
  return { ...file, faults: [{ pointer, code: 'FILE_REFUSED', detail }] };
}

/** By its short name of GB/T 36903, what the file itself says otherwise than the identifier under which it was handed in: which
 *  licence it is, of which type, or whose. What a file does not say is taken at the department's word. */
function findContradiction(format: string, bytes: Uint8Array, identifier: string): string | undefined {
  const said = format === 'ofd' ? readOfdCustomData(bytes) : format === 'pdf' ? readPdfCustomData(bytes) : new Map();
  const parts = parseIdentifier(identifier);
  const expected = { ZZBS: identifier, ZZLXDM: parts?.typeCode, ZZBFJGDM: parts?.issuerCode };
  return Object.entries(expected).find(([name, value]) => {
    const own = canonicalIdentifier(said.get(name) ?? '');
    return own !== '' && value !== undefined && own !== canonicalIdentifier(value);
  })?.[0];
}

export const canonicalIdentifier = (identifier: string): string => identifier.trim().toUpperCase();
