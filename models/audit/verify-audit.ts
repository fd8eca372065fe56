/** Walk the whole access log and recompute its chain; name the first entry that does not hold. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { hashAuditEntry } from './append-audit.ts';
import { subjectsOf } from './audit-subjects.ts';
import type { AuditColumns } from './rows.ts';

export interface AuditVerification {
  readonly entries: number;
  readonly holds: boolean;
  /** Sequence number at which the chain breaks. */
  readonly brokenAt?: number;
  readonly reason?: 'missing' | 'altered' | 'unlinked' | 'head';
}

const PAGE = 1000;

export async function verifyAudit(house: Pick<House, 'db'>): Promise<AuditVerification> {
  const { auditEntries, auditHead } = house.db.rows;
  // Entries and head are written together: what is there before the head is read is known to the head.
  const highest = (await auditEntries.max<number | null, typeof auditEntries.prototype>('seq')) ?? 0;
  const head = await auditHead.findByPk(1);
  let previous = '0'.repeat(64);
  let seq = 0;
  const last = head?.seq ?? 0;
  while (seq < last) {
    const page = await auditEntries.findAll({
      where: { seq: { [Op.gt]: seq, [Op.lte]: last } },
      order: [['seq', 'ASC']],
      limit: PAGE,
    });
    if (page.length === 0) return { entries: seq, holds: false, brokenAt: seq + 1, reason: 'missing' };
    const subjects = await readSubjects(house, seq, page.at(-1)?.seq ?? seq);
    for (const row of page) {
      const { hash, ...content } = row.get();
      if (content.seq !== seq + 1) return { entries: seq, holds: false, brokenAt: seq + 1, reason: 'missing' };
      if (content.previousHash !== previous)
        return { entries: seq, holds: false, brokenAt: content.seq, reason: 'unlinked' };
      if (hashAuditEntry(content) !== hash || !subjectsAgree(content, subjects.get(content.seq)))
        return { entries: seq, holds: false, brokenAt: content.seq, reason: 'altered' };
      previous = hash;
      seq = content.seq;
    }
  }
  if (!head || head.hash !== previous) return { entries: seq, holds: false, brokenAt: seq, reason: 'head' };
  if (Number(highest) > seq) return { entries: seq, holds: false, brokenAt: seq + 1, reason: 'unlinked' };
  return { entries: seq, holds: true };
}

/** What the search finds entries by, for those after `from` up to `to`. */
async function readSubjects(house: Pick<House, 'db'>, from: number, to: number): Promise<Map<number, Set<string>>> {
  const rows = await house.db.rows.auditSubjects.findAll({ where: { seq: { [Op.gt]: from, [Op.lte]: to } } });
  const subjects = new Map<number, Set<string>>();
  for (const { seq, kind, value } of rows) subjects.set(seq, (subjects.get(seq) ?? new Set()).add(`${kind}:${value}`));
  return subjects;
}

/** The search must not be told otherwise than the chain. */
function subjectsAgree(content: AuditColumns | Omit<AuditColumns, 'hash'>, found = new Set<string>()): boolean {
  const own = subjectsOf(content);
  return own.length === found.size && own.every(({ kind, value }) => found.has(`${kind}:${value}`));
}
