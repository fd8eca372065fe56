/** The body of a notice: the same bytes in every attempt. */
import { viewChange } from '../../models/publication/index.ts';
import type { ClaimedDelivery } from '../../models/subscription/index.ts';

/** Undefined for a change that is no longer kept. `type` is `licence.<act>`, `catalogue.<act>`, `ping` or
 *  `subscription.disabled`. */
export function composeNotice({ kind, entry, content, createdAt }: ClaimedDelivery): string | undefined {
  if (kind !== 'change') {
    const type = kind === 'ping' ? 'ping' : 'subscription.disabled';
    return JSON.stringify({ type, timestamp: createdAt.toISOString(), data: content });
  }
  if (!entry) return undefined;
  const data = viewChange(entry);
  return JSON.stringify({ type: `${entry.type}.${entry.act}`, timestamp: data.at, data });
}
