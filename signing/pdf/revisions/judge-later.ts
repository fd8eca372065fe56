/** What a signature says of the revisions that came after it (ISO 32000-2 §12.8.2.2 table 257, §12.8.2.4). The rule is told
 *  in docs/decisions/0010-what-may-follow-a-pdf-signature.md. */
import type { CheckCode } from '../../verify/check-words.ts';
import type { FieldLock, FoundSignature } from '../find-signatures.ts';
import type { RevisionChanges } from './comparison.ts';

/** What stands between one signature and the next, or the end of the file. */
export interface LaterRevision {
  readonly changes: RevisionChanges | CheckCode;
  /** A later signature covers it. */
  readonly covered: boolean;
}

export interface LaterFinding {
  readonly outcome: 'warned' | 'failed';
  readonly code: CheckCode;
}

type Level = 1 | 2 | 3 | undefined;

/** What the signatures up to the judged one permit. */
interface Rule {
  /** The strictest certification. */
  readonly level: Level;
  /** The strictest of what the locks of their fields leave permitted in the document: it only ever forbids. */
  readonly permits: Level;
  readonly locks: readonly FieldLock[];
}

function strictest(levels: readonly Level[]): Level {
  const stated = levels.flatMap((level) => level ?? []);
  return stated.length === 0 ? undefined : (Math.min(...stated) as Level);
}

/** @param signatures up to and with the one that is judged
 *  @param later all that follows it
 *  @returns one finding a kind; none when nothing follows */
export function judgeLater(
  signatures: readonly FoundSignature[],
  later: readonly LaterRevision[],
): readonly LaterFinding[] {
  const rule: Rule = {
    level: strictest(signatures.map(({ certifies }) => certifies)),
    permits: strictest(signatures.map(({ permits }) => permits)),
    locks: signatures.flatMap(({ locks }) => locks),
  };
  const found = new Map<CheckCode, LaterFinding>();
  for (const revision of later) {
    const findings: LaterFinding[] =
      typeof revision.changes === 'string'
        ? [{ outcome: 'failed', code: revision.changes }]
        : judge(revision.changes, revision.covered, rule);
    for (const finding of findings) found.set(finding.code, finding);
  }
  const failed = [...found.values()].filter(({ outcome }) => outcome === 'failed');
  return failed.length > 0 ? failed : [...found.values()];
}

function judge(changes: RevisionChanges, covered: boolean, { level, permits, locks }: Rule): LaterFinding[] {
  const { signatures, placed, timeStamps, validationData, filled, annotated, drawnOver } = changes;
  const refused: LaterFinding = { outcome: 'failed', code: 'CHANGE_NOT_PERMITTED' };
  if (signatures && level === 1) return [refused];
  // what is seen, where nobody foresaw it, could hide what was certified
  if (placed && ((level ?? 3) < 3 || (permits ?? 3) < 3)) return [refused];
  if (permits === 1 && (signatures || filled.length > 0)) return [refused];
  if (permits !== undefined && permits < 3 && annotated) return [refused];
  if (filled.some((name) => locks.some((lock) => isLocked(name, lock)))) return [refused];
  // whoever signs later answers for what was filled in; a certification foresaw it
  if (filled.length > 0 && (level === undefined ? !covered : level === 1)) return [refused];
  // what its maker drew could hide the page: somebody must have signed it
  const mayComment = level === 3 ? covered || !drawnOver : level === undefined && covered;
  if (annotated && !mayComment) return [refused];
  const found: LaterFinding[] = [];
  if (filled.length > 0) found.push({ outcome: 'warned', code: 'FORM_FILLED' });
  if (annotated) found.push({ outcome: 'warned', code: 'ANNOTATED' });
  if (placed) found.push({ outcome: 'warned', code: 'APPEARANCE_CHANGED' });
  if (validationData && !covered) found.push({ outcome: 'warned', code: 'VALIDATION_DATA_UNSIGNED' });
  if ((signatures || timeStamps || validationData) && covered)
    found.push({ outcome: 'warned', code: 'SIGNED_ADDITION' });
  // an empty field made by nobody, or words of a program: nothing that a later signature covers
  if (found.length === 0) return [covered ? { outcome: 'warned', code: 'SIGNED_ADDITION' } : refused];
  return !covered && (signatures || placed || timeStamps) ? [refused] : found;
}

function isLocked(name: string, { action, names }: FieldLock): boolean {
  const named = names.some((one) => name === one || name.startsWith(`${one}.`));
  return action === 'All' || (action === 'Include' ? named : !named);
}
