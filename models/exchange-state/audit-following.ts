/** What the log keeps of a batch to the province. What was accepted is one entry a batch: it names every licence, so that each
 *  is found by itself, and the signed receipt, in which each stands with its sequence and digest. An entry a licence would say
 *  nothing more and cost the chain two hundred times as much. What was refused or held back has an entry each, with its cause. */
import { type AuditFacts, appendAudits } from '../audit/append-audit.ts';
import type { Caller, House } from '../house.ts';
import type { Tx } from '../store/with-transaction.ts';
import { type Followed, stateKeyOf } from './followed.ts';

export async function auditFollowing(
  house: House,
  tx: Tx,
  caller: Caller,
  link: string,
  followed: readonly Followed[],
  receipts: readonly { readonly id: string }[],
): Promise<void> {
  const entries: AuditFacts[] = [];
  const accepted = followed.filter(({ outcome }) => outcome === 'accepted');
  if (accepted.length > 0) {
    const ids = (type: string) => accepted.flatMap(({ subject }) => (subject.type === type ? [subject.id] : []));
    const licenceIds = ids('licence');
    const catalogueCodes = ids('catalogue');
    const details = { link, accepted: accepted.length, receipts: receipts.map(({ id }) => id) };
    entries.push({
      act: 'exchange.province',
      ...(licenceIds.length === 1 ? { licenceId: licenceIds[0] ?? null } : { licenceIds }),
      details: { ...details, ...(catalogueCodes.length > 0 ? { catalogueCodes } : {}) },
    });
  }
  for (const one of followed) {
    const { subject, outcome, reason, receiptId, before } = one;
    if (outcome !== 'refused' && outcome !== 'held') continue;
    // Held back again for the same reason is no news.
    if (outcome === 'held' && before?.state === 'held' && before.reason === reason) continue;
    entries.push({
      act: 'exchange.province',
      outcome: outcome === 'held' ? 'failed' : 'refused',
      licenceId: subject.type === 'licence' ? subject.id : null,
      details: { subject: stateKeyOf(subject), sequence: subject.sequence, reason, receiptId },
    });
  }
  await appendAudits(house, tx, caller, entries);
}
