/** Work off what waits for the province: at least once, in order within a licence, always its newest state. */
import { findNewestEntries } from '../../models/catalogue/index.ts';
import {
  type Followed,
  findLink,
  noteFollowed,
  noteLinkDown,
  noteLinkUp,
  noteUnbelieved,
} from '../../models/exchange-state/index.ts';
import { type Caller, type House, houseCaller } from '../../models/house.ts';
import { findSequences } from '../../models/licence/index.ts';
import {
  type DrainResult,
  drainOutbox,
  type Handled,
  type OutboxTurn,
  Unrecoverable,
} from '../../models/store/index.ts';
import { openRecheck } from '../../models/verification/index.ts';
import { Held } from './check-before-sending.ts';
import { withFiles } from './compose-message.ts';
import type { ProvinceAway, ProvinceConnector, ProvinceOutcome, Sent } from './connector.ts';
import { type Prepared, prepareTurns } from './prepare-turns.ts';
import { failedAlone, sendAround } from './send-around.ts';

/** While the province works on one batch the next is made ready. */
const LINES = 2;

interface Line {
  readonly house: House;
  readonly connector: ProvinceConnector;
  readonly caller: Caller;
  /** It did not answer the last time: the first answer is noted. */
  wasDown: boolean;
  /** It is there, and took nothing of a whole batch: the next one waits for the next drain. */
  isStuck: boolean;
}

export function provinceCaller(house: House): Caller {
  return houseCaller(`province-${house.newId()}`);
}

/** Nothing while the province rests.
 *  @param signal aborted: batches under way are finished, and no further one is sent */
export async function pushToProvince(
  house: House,
  connector: ProvinceConnector,
  signal?: AbortSignal,
): Promise<DrainResult> {
  const link = await findLink(house, connector.name);
  if (link?.notBefore && link.notBefore > house.clock()) return { done: 0, delayed: 0, failed: 0 };
  const line: Line = {
    house,
    connector,
    caller: provinceCaller(house),
    wasDown: (link?.failures ?? 0) > 0,
    isStuck: false,
  };
  // Whether it answers again is tried with one batch, not with as many as there are lines.
  const lines = line.wasDown ? 1 : LINES;
  const options = { most: connector.mostItems, lines, signal };
  return drainOutbox(house, 'province', (turns) => pushTurns(line, turns), options);
}

async function pushTurns(line: Line, turns: readonly OutboxTurn[]): Promise<Handled> {
  const { house, connector } = line;
  if (line.isStuck) return { outcomes: turns.map(() => new Error('UNANSWERED')), stop: true };
  const prepared = await prepareTurns(house, turns);
  const recheck = await openRecheck(house);
  const messages = prepared.flatMap(({ way, composed }) =>
    way === 'send' && composed ? [withFiles(house, composed, recheck)] : [],
  );
  const doubtful = prepared.flatMap(({ turn, composed }) =>
    composed && turn.items.some(({ lastError }) => failedAlone(lastError)) ? [composed.subject] : [],
  );
  const { away, answered, stuck, ...around } = await sendAround(connector, messages, new Set(doubtful));
  const sent = await believeStale(house, prepared, around.sent);
  if (away) {
    await noteAway(line, away);
    return { ...conclude(line, prepared, sent, away), stop: true };
  }
  if (stuck) line.isStuck = true;
  const handled = conclude(line, prepared, sent, answered);
  // The whole answer is a lie, or no answer: asking on with the next batch would only make more of it.
  const nothing = sent.outcomes.size === 0 && sent.unbelieved.some((cause) => !cause.includes(' '));
  if (nothing) await noteLinkDown(house, connector.name, sent.unbelieved[0] ?? '', undefined);
  return { ...handled, stop: nothing };
}

async function noteAway({ house, connector }: Line, away: ProvinceAway): Promise<void> {
  await noteLinkDown(house, connector.name, away.message, away.notBefore);
  house.log.warn({ error: away, link: connector.name }, 'the provincial library could not be reached');
}

/** That it holds something newer can be believed of what we have made, and of nothing beyond. */
async function believeStale(house: House, prepared: readonly Prepared[], sent: Sent): Promise<Sent> {
  const stale = prepared.flatMap(({ composed }) => {
    const outcome = composed && sent.outcomes.get(composed.subject);
    return composed && outcome?.outcome === 'stale' ? [{ composed, outcome }] : [];
  });
  if (stale.length === 0) return sent;
  const idsOf = (type: 'licence' | 'catalogue') =>
    stale.flatMap(({ composed: { own } }) => (own.type === type ? [own.id] : []));
  const entries = await findNewestEntries(house, idsOf('catalogue'));
  const newest = new Map([
    ...(await findSequences(house, idsOf('licence'))),
    ...entries.map(({ code, version }) => [code, version] as const),
  ]);
  const outcomes = new Map(sent.outcomes);
  const lies: string[] = [];
  for (const { composed, outcome } of stale) {
    if (outcome.heldSequence <= (newest.get(composed.own.id) ?? 0)) continue;
    outcomes.delete(composed.subject);
    lies.push(`SEQUENCE_AHEAD ${composed.subject}`);
  }
  return { ...sent, outcomes, unbelieved: [...sent.unbelieved, ...lies] };
}

/** What becomes of each turn, and what is to be recorded.
 *  @param answered whether anything was; or why what has no outcome goes back as it was */
function conclude(line: Line, prepared: readonly Prepared[], sent: Sent, answered: boolean | ProvinceAway): Handled {
  const { house, connector, caller } = line;
  const { unbelieved } = sent;
  const causes = new Map(unbelieved.map((cause) => [cause.split(' ').at(-1) ?? '', cause]));
  const judged = prepared.map((one) => judge(one, sent, causes, answered));
  if (unbelieved.length > 0) {
    house.log.error({ link: connector.name, causes: unbelieved.slice(0, 20) }, 'answers of the province not believed');
  }
  return {
    outcomes: judged.map(({ error }) => error),
    async remember(tx, lost) {
      const kept = judged.flatMap(({ followed }, index) =>
        followed && !lost.has(prepared[index]?.turn.subject ?? '') ? [followed] : [],
      );
      const receipts = sent.receipts.map(({ receiptId, ...proof }) => ({ id: receiptId, ...proof }));
      await noteUnbelieved(house, tx, connector.name, unbelieved);
      if (answered === true && line.wasDown) await noteLinkUp(house, tx, connector.name);
      await noteFollowed(house, tx, caller, connector.name, kept, receipts);
    },
  };
}

interface Judged {
  readonly error: Error | undefined;
  readonly followed?: Followed;
}

function judge(
  { turn, composed, before, way }: Prepared,
  sent: Sent,
  causes: ReadonlyMap<string, string>,
  answered: boolean | ProvinceAway,
): Judged {
  if (!composed) return { error: undefined };
  const arrivals = turn.items.flatMap(({ frontEnd, pushedAt }) =>
    frontEnd && pushedAt ? [{ frontEnd, pushedAt }] : [],
  );
  const { own: subject, issuingBody, digest } = composed;
  const follow = (outcome: Followed['outcome'], reason: string | null, receiptId: string | null = null): Followed => ({
    ...{ subject, issuingBody, digest, outcome, reason, receiptId, before, arrivals },
  });
  if (way === 'known') return { error: undefined, followed: follow('known', null) };
  if (way instanceof Held) return holdBack(way, follow);
  const outcome = sent.outcomes.get(composed.subject);
  if (!outcome && typeof answered === 'object') return { error: answered };
  const cause = causes.get(composed.subject) ?? sent.unbelieved[0] ?? 'NO_OUTCOME';
  if (!outcome) return { error: new Error(cause), followed: follow('waiting', cause) };
  return judgeOutcome(outcome, follow);
}

type Follow = (outcome: Followed['outcome'], reason: string | null, receiptId?: string | null) => Followed;

function judgeOutcome(outcome: ProvinceOutcome, follow: Follow): Judged {
  switch (outcome.outcome) {
    case 'accepted':
      return { error: undefined, followed: follow('accepted', null, outcome.receiptId) };
    case 'stale':
      // Its own message brings the newer state, or has brought it.
      return { error: undefined };
    case 'refused':
      return {
        error: new Unrecoverable(outcome.reason),
        followed: follow('refused', outcome.reason, outcome.receiptId),
      };
    case 'held':
      return holdBack(new Held(outcome.reason, outcome.mayMend), follow);
    case 'pending':
      return { error: undefined, followed: follow('pending', null) };
    case 'delayed':
      return { error: new Error(outcome.reason), followed: follow('waiting', outcome.reason) };
  }
}

function holdBack(held: Held, follow: Follow): Judged {
  const error = held.mayMend ? held : new Unrecoverable(held.message);
  return { error, followed: follow('held', held.message) };
}
