/** Judge one item that the city sent: it is what its digest says, its files are genuine, and nothing newer is held. */
import { z } from 'zod';
import { canonicalJson } from '../../../models/kernel/canonical-json.ts';
import { sm3Hex } from '../../../models/kernel/digest.ts';
import { verifyFile } from '../../../signing/index.ts';
import type { HeldFile, Library } from './library.ts';

export const itemSchema = z.object({
  subject: z.string().min(1).max(200),
  kind: z.enum(['licence', 'catalogue']),
  sequence: z.int().min(1),
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  record: z.record(z.string(), z.unknown()),
  files: z.array(z.object({ name: z.string().min(1).max(200), sm3: z.string(), content: z.base64() })).max(50),
});
export type Item = z.infer<typeof itemSchema>;

export interface Judgement {
  readonly outcome: 'accepted' | 'stale' | 'refused';
  readonly reason?: string;
}

export interface JudgeOptions {
  readonly library: Library;
  readonly trust: readonly Uint8Array[];
  readonly now: Date;
}

/** Judges, and keeps what is accepted. The same item twice changes nothing. */
export function judgeItem(item: Item, { library, trust, now }: JudgeOptions): Judgement {
  const held = library.find(item.subject);
  if (held && held.sequence > item.sequence) return { outcome: 'stale' };
  if (held && held.sequence === item.sequence && held.digest === item.digest) return { outcome: 'accepted' };
  const files = item.files.map(({ name, sm3, content }) => ({
    name,
    sm3,
    bytes: new Uint8Array(Buffer.from(content, 'base64')),
  }));
  const reason = findFault(item, files, trust, now);
  if (reason) return { outcome: 'refused', reason };
  const { subject, sequence, digest } = item;
  library.keep(
    { subject, sequence, digest, record: JSON.stringify(item.record), receivedAt: now.toISOString() },
    files,
  );
  return { outcome: 'accepted' };
}

function findFault(
  item: Item,
  files: readonly HeldFile[],
  trust: readonly Uint8Array[],
  now: Date,
): string | undefined {
  const named = files.map(({ name, sm3 }) => ({ name, sm3 }));
  if (sm3Hex(canonicalJson({ record: item.record, files: named })) !== item.digest) return 'DIGEST_MISMATCH';
  const key = item.kind === 'licence' ? item.record.identifier : item.record.code;
  if (item.subject !== `${item.kind}:${String(key)}`) return 'SUBJECT_MISMATCH';
  for (const { name, sm3, bytes } of files) if (sm3Hex(bytes) !== sm3) return `FILE_DIGEST_MISMATCH ${name}`;
  if (item.kind !== 'licence') return undefined;
  if (files.length === 0) return 'FILE_MISSING';
  for (const { name, bytes } of files) {
    const report = verifyFile(bytes, { certificates: trust, at: now });
    const failed = report.checks.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code ?? '');
    if (!report.valid || report.trusted !== true) return `FILE_REFUSED ${name} ${failed.join(' ')}`.trim();
  }
  return undefined;
}
