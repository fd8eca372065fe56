/** Judge a batch that the city sent: each item is what its digest says, its files are held and genuine, and nothing newer is
 *  held. What is accepted is kept in one transaction. */
import { z } from 'zod';
import { canonicalJson } from '../../../models/kernel/canonical-json.ts';
import { sm3Hex } from '../../../models/kernel/digest.ts';
import type { HeldSubject, Library, NamedFile } from './library.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);

export const itemSchema = z.object({
  subject: z.string().min(1).max(200),
  kind: z.enum(['licence', 'catalogue']),
  sequence: z.int().min(1),
  digest,
  record: z.record(z.string(), z.unknown()),
  files: z.array(z.object({ name: z.string().min(1).max(200), sm3: digest })).max(50),
});
export type Item = z.infer<typeof itemSchema>;

export interface Judgement {
  readonly outcome: 'accepted' | 'stale' | 'refused' | 'files-wanted';
  readonly reason?: string;
  readonly heldSequence?: number;
  readonly wanted?: readonly string[];
}

export interface JudgeOptions {
  readonly library: Library;
  /** The failed checks of a held file; none: genuine. */
  readonly verify: (sm3: string) => Promise<readonly string[]>;
  readonly now: Date;
}

/** Judges, and keeps what is accepted. The same batch twice changes nothing. */
export async function judgeBatch(items: readonly Item[], options: JudgeOptions): Promise<Judgement[]> {
  const { library, now } = options;
  const there = library.holds([...new Set(items.flatMap(({ files }) => files.map(({ sm3 }) => sm3)))]);
  const judged = await Promise.all(items.map((item) => judgeItem(item, there, options)));
  const batch: { held: HeldSubject; files: readonly NamedFile[] }[] = [];
  for (const [index, { subject, sequence, digest: named, record, files }] of items.entries()) {
    const one = judged[index];
    if (!one?.isNew) continue;
    const held = { subject, sequence, digest: named, record: JSON.stringify(record), receivedAt: now.toISOString() };
    batch.push({ held, files });
  }
  if (batch.length > 0) library.keepAll(batch);
  return judged.map(({ judgement }) => judgement);
}

interface Judged {
  readonly judgement: Judgement;
  readonly isNew?: boolean;
}

async function judgeItem(item: Item, there: ReadonlySet<string>, { library, verify }: JudgeOptions): Promise<Judged> {
  const held = library.find(item.subject);
  if (held && held.sequence > item.sequence) return { judgement: { outcome: 'stale', heldSequence: held.sequence } };
  if (held && held.sequence === item.sequence && held.digest === item.digest)
    return { judgement: { outcome: 'accepted' } };
  const fault = findFault(item);
  if (fault) return { judgement: { outcome: 'refused', reason: fault } };
  const wanted = item.files.map(({ sm3 }) => sm3).filter((sm3) => !there.has(sm3));
  if (wanted.length > 0) return { judgement: { outcome: 'files-wanted', wanted } };
  if (item.kind === 'licence') {
    // What was found genuine when this licence brought it is so still: its bytes lie under their digest.
    const known = held ? library.named(item.subject) : new Set<string>();
    const reason = await findRefusedFile(
      item.files.filter(({ sm3 }) => !known.has(sm3)),
      verify,
    );
    if (reason) return { judgement: { outcome: 'refused', reason } };
  }
  return { judgement: { outcome: 'accepted' }, isNew: true };
}

function findFault({ subject, kind, digest: named, record, files }: Item): string | undefined {
  const names = files.map(({ name, sm3 }) => ({ name, sm3 }));
  if (sm3Hex(canonicalJson({ record, files: names })) !== named) return 'DIGEST_MISMATCH';
  const key = kind === 'licence' ? record.identifier : record.code;
  if (subject !== `${kind}:${String(key)}`) return 'SUBJECT_MISMATCH';
  return kind === 'licence' && files.length === 0 ? 'FILE_MISSING' : undefined;
}

async function findRefusedFile(
  files: readonly NamedFile[],
  verify: JudgeOptions['verify'],
): Promise<string | undefined> {
  const reports = await Promise.all(files.map(async ({ name, sm3 }) => ({ name, failed: await verify(sm3) })));
  const refused = reports.find(({ failed }) => failed.length > 0);
  return refused && `FILE_REFUSED ${refused.name} ${refused.failed.join(' ')}`.trim();
}
