/** Send one subscription what is due for it, round after round, until nothing is or its time is up: whoever is slow takes
 *  nobody else's turn. */
import type { House } from '../../models/house.ts';
import { openHouseKey } from '../../models/seal/index.ts';
import {
  type Attempt,
  type ClaimedDelivery,
  type ClaimedRound,
  claimDeliveries,
  fanOut,
  freeDeadDeliveries,
  openSecrets,
  settleDeliveries,
} from '../../models/subscription/index.ts';
import { composeNotice } from './compose-notice.ts';
import { type Posted, type PostLimits, postNotice } from './post-notice.ts';
import { readRetryAfter } from './read-retry-after.ts';
import { type NoticeSigner, signNotice } from './sign-notice.ts';

/** Requests to one receiver at the same time. */
const AT_ONCE = 8;
/** Rounds of one turn, and how long it may last: then others have the place, and the next tick asks for it again. */
const MOST_ROUNDS = 100;
const TURN_MS = 20_000;

export interface DeliverOptions extends PostLimits {
  readonly signal?: AbortSignal;
  /** Milliseconds from anywhere on; left out: the machine's own. */
  readonly stopwatch?: () => number;
}

export interface Delivered {
  delivered: number;
  failed: number;
}

export async function deliverTo(house: House, subscriptionId: string, options: DeliverOptions): Promise<Delivered> {
  const result: Delivered = { delivered: 0, failed: 0 };
  const { stopwatch = () => performance.now() } = options;
  const started = stopwatch();
  await freeDeadDeliveries(house, subscriptionId);
  await fanOut(house, subscriptionId);
  for (let round = 0; round < MOST_ROUNDS && !options.signal?.aborted; round += 1) {
    if (stopwatch() - started >= TURN_MS) break;
    const claimed = await claimDeliveries(house, subscriptionId, AT_ONCE);
    if (!claimed && (await fanOut(house, subscriptionId)) > 0) continue;
    if (!claimed) break;
    const signer = await openSigner(house, claimed);
    const attempts = await Promise.all(
      claimed.deliveries.map((delivery) => attempt(house, claimed, delivery, signer, { ...options, stopwatch })),
    );
    await settleDeliveries(house, claimed, attempts);
    const delivered = attempts.filter(({ outcome }) => outcome === 'DELIVERED').length;
    result.delivered += delivered;
    result.failed += attempts.length - delivered;
    // A receiver that is too slow gives its place to others and is asked for again with the next tick.
    if (attempts.some(({ outcome }) => outcome === 'TIMEOUT')) break;
  }
  return result;
}

/** Undefined when the repository's key cannot be used: nothing leaves unsigned. */
async function openSigner(house: House, { subscription }: ClaimedRound): Promise<NoticeSigner | undefined> {
  if (subscription.signing === 'hmac') return { secrets: openSecrets(house, subscription) };
  try {
    const { id: keyId, key } = await openHouseKey(house, 'repository', 'SM2');
    return { key, keyId };
  } catch (error) {
    house.log.error({ error }, 'notices cannot be signed with SM2');
    return undefined;
  }
}

async function attempt(
  house: House,
  { subscription }: ClaimedRound,
  delivery: ClaimedDelivery,
  signer: NoticeSigner | undefined,
  limits: PostLimits & Required<Pick<DeliverOptions, 'stopwatch'>>,
): Promise<Attempt> {
  const at = house.clock();
  const body = composeNotice(delivery);
  const started = limits.stopwatch();
  const { retryAfter, ...posted } = await post(subscription.url, delivery.id, at, body, signer, limits);
  const notBefore = readRetryAfter(retryAfter, house.clock());
  const durationMs = Math.round(limits.stopwatch() - started);
  return { ...posted, at, durationMs, ...(notBefore ? { notBefore } : {}) };
}

async function post(
  url: string,
  id: string,
  at: Date,
  body: string | undefined,
  signer: NoticeSigner | undefined,
  limits: PostLimits,
): Promise<Posted> {
  const nothing = { status: null, excerpt: null };
  if (body === undefined) return { outcome: 'NOT_KEPT', ...nothing };
  const headers = signer && (await signNotice(signer, id, at, body).catch(() => undefined));
  if (!headers) return { outcome: 'NOT_SIGNED', ...nothing };
  const more = { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'zhengku' };
  return postNotice(new URL(url), { ...headers, ...more }, body, limits);
}
