/** What Henan's reference province refuses: a licence under a code it never gave, without a file, or with one that does not verify. */
import type { PhysicalRow } from '../../../exchange/henan/index.ts';
import { verifyFile } from '../../../signing/index.ts';

export interface JudgeRowOptions {
  readonly catalogIds: ReadonlySet<string>;
  /** DER; empty: nobody's seals are known, and files are only looked at for being there. */
  readonly trust: readonly Uint8Array[];
  readonly now: Date;
}

/** The reason of a refusal; undefined: it is right. */
export function judgeLicenceRow(
  { text, file }: PhysicalRow,
  content: Uint8Array,
  { catalogIds, trust, now }: JudgeRowOptions,
): string | undefined {
  if (!catalogIds.has(text.catalog_id ?? '')) return `证照目录代码不存在 ${text.catalog_id ?? ''}`;
  if (!['11', '-10', '-4', '-5'].includes(text.state ?? '')) return `证照状态不在代码表内 ${text.state ?? ''}`;
  if (!file) return '证照文件为空';
  if (trust.length === 0) return undefined;
  const bytes = new Uint8Array(Buffer.from(Buffer.from(content).toString('latin1'), 'base64'));
  const report = verifyFile(bytes, { certificates: trust, at: now });
  const failed = report.checks.filter(({ outcome }) => outcome === 'failed').map(({ code }) => code ?? '');
  return report.valid && report.trusted === true ? undefined : `证照文件验证不通过 ${failed.join(' ')}`.trim();
}
