/** The body of a notice: the same bytes in every attempt. */
import { viewChange } from '../../models/publication/index.ts';
import type { ClaimedDelivery } from '../../models/subscription/index.ts';

/** Undefined for a change that is no longer kept. `type` is `licence.<act or step>`, `catalogue.<act>`, `notice.<kind>`,
 *  `ping` or `subscription.disabled`. */
export function composeNotice({ kind, entry, content, createdAt }: ClaimedDelivery): string | undefined {
  if (kind !== 'change') {
    return JSON.stringify({ type: typeOf(kind, content), timestamp: createdAt.toISOString(), data: content });
  }
  if (!entry) return undefined;
  const data = viewChange(entry);
  return JSON.stringify({ type: `${entry.type}.${entry.act}`, timestamp: data.at, data });
}

function typeOf(kind: 'ping' | 'notice' | 'step' | 'told', content: ClaimedDelivery['content']): string {
  if (kind === 'step') return `licence.${String(content?.step)}`;
  if (kind === 'told') return `notice.${String(content?.kind)}`;
  return kind === 'ping' ? 'ping' : 'subscription.disabled';
}
