/** Which objects differ between a signed revision and a later one, by what the cross-references say. */
import type { CheckCode } from '../../verify/check-words.ts';
import type { PdfFile } from '../syntax/pdf-file.ts';
import type { PdfValue } from '../syntax/pdf-value.ts';
import { isSame } from './same-value.ts';

export interface ChangedObjects {
  /** There before, and other now. */
  readonly replaced: ReadonlySet<number>;
  /** There before, and freed. */
  readonly freed: ReadonlySet<number>;
  /** Not there before. */
  readonly added: ReadonlySet<number>;
}

/** @param end where the signed revision ends
 * @returns a code when the later revision is no honest continuation of the signed one */
export function changedObjects(before: PdfFile, after: PdfFile, end: number): ChangedObjects | CheckCode {
  if (!continues(before, after, end)) return 'HIDDEN_OBJECTS';
  const [replaced, freed, added] = [new Set<number>(), new Set<number>(), new Set<number>()];
  for (const [number, now] of after.entries) {
    if (after.entries.isSame(number, before.entries)) continue;
    before.budget.spend(1);
    const old = before.entries.get(number);
    const wasThere = old !== undefined && old.kind !== 'free';
    if (now.kind === 'free') {
      if (wasThere) freed.add(number);
      continue;
    }
    // what lies in the signed bytes, and was not in use there, had been hidden
    const place = now.kind === 'offset' ? now : after.entries.get(now.stream);
    if (place?.kind !== 'offset' || place.offset < end) return 'HIDDEN_OBJECTS';
    if (!wasThere) added.add(number);
    else if (!isSameObject(before, after, number)) replaced.add(number);
  }
  return { replaced, freed, added };
}

/** The later cross-references stand behind the signed bytes, lead back to the signed ones, and show all readers the same. */
function continues(before: PdfFile, after: PdfFile, end: number): boolean {
  const newer = after.sections.length - before.sections.length;
  if (newer < 1) return false;
  const kept = before.sections.every(({ offset }, at) => after.sections[newer + at]?.offset === offset);
  return kept && after.sections.slice(0, newer).every(({ offset, hybrid }) => offset >= end && !hybrid);
}

/** Written again, and word for word the same. */
function isSameObject(before: PdfFile, after: PdfFile, number: number): boolean {
  const [was, is] = [before.rawObject(number), after.rawObject(number)];
  if (was?.raw !== undefined || is?.raw !== undefined) {
    if (was?.raw === undefined || is?.raw === undefined) return false;
    return isSame(was.value, is.value) && Buffer.compare(was.raw, is.raw) === 0;
  }
  return isSame(objectOf(before, number), objectOf(after, number));
}

/** What an object number stands for. @throws MALFORMED */
export function objectOf(file: PdfFile, number: number): PdfValue {
  const entry = file.entries.get(number);
  return file.resolve({ kind: 'ref', number, generation: entry?.kind === 'offset' ? entry.generation : 0 });
}
