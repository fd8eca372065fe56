/** Send a batch around what the province chokes on. One message that makes it fail (HTTP 500, no answer in time) looks like a
 *  province that is away; so after some failures in a row a part of the batch is tried in its place, another part each time.
 *  Once a part gets through the province is there, and the rest is halved down to the message that alone gets it wrong. That
 *  one waits by itself. A province that is away as a whole hears one request a time, and nobody is blamed. */
import {
  ProvinceAway,
  type ProvinceConnector,
  type ProvinceMessage,
  type ProvinceOutcome,
  type ReceiptProof,
  type Sent,
} from './connector.ts';

/** Before the cause of a message that failed by itself; such a one is sent after the others, apart from them. */
const UNANSWERED = 'UNANSWERED';
/** Failures in a row until a part is tried: a short trouble of the province is no message's fault. */
const PATIENCE = 3;
/** Requests in one batch that may fail while it is halved; each may last until its time is out. */
const MOST_KNOCKS = 16;

export interface Around {
  readonly sent: Sent;
  /** Something got through, so somebody is there. */
  readonly answered: boolean;
  /** It is to be left alone now; what has no outcome goes back as it was. */
  readonly away: ProvinceAway | undefined;
}

export function failedAlone(lastError: string | null): boolean {
  return lastError?.startsWith(`${UNANSWERED} `) ?? false;
}

interface Work {
  readonly connector: ProvinceConnector;
  readonly outcomes: Map<string, ProvinceOutcome>;
  readonly receipts: ReceiptProof[];
  readonly unbelieved: string[];
  answered: boolean;
  knocks: number;
}

/** @param failures batches in a row that got no answer
 *  @param doubtful subjects that failed by themselves before */
export async function sendAround(
  connector: ProvinceConnector,
  messages: readonly ProvinceMessage[],
  failures: number,
  doubtful: ReadonlySet<string>,
): Promise<Around> {
  const work: Work = { connector, outcomes: new Map(), receipts: [], unbelieved: [], answered: false, knocks: 0 };
  const away = await sendAll(work, messages, failures, doubtful).catch((error: unknown) => {
    if (error instanceof ProvinceAway) return error;
    throw error;
  });
  const { outcomes, receipts, unbelieved, answered } = work;
  return { sent: { outcomes, receipts, unbelieved }, answered, away: away ?? undefined };
}

async function sendAll(
  work: Work,
  messages: readonly ProvinceMessage[],
  failures: number,
  doubtful: ReadonlySet<string>,
): Promise<void> {
  const clean = messages.filter(({ subject }) => !doubtful.has(subject));
  const first = failures < PATIENCE ? clean : partOf(clean, failures - PATIENCE);
  await send(work, first);
  const tried = new Set(first);
  await halve(
    work,
    clean.filter((one) => !tried.has(one)),
  );
  await halve(
    work,
    messages.filter(({ subject }) => doubtful.has(subject)),
  );
}

/** One half, then the other, then each quarter …, in the end each message alone, and again. */
function partOf(messages: readonly ProvinceMessage[], step: number): readonly ProvinceMessage[] {
  const count = messages.length;
  let [parts, place] = [2, step];
  while (place >= parts && parts < count) {
    place -= parts;
    parts *= 2;
  }
  parts = Math.max(1, Math.min(parts, count));
  place %= parts;
  return messages.slice(Math.floor((place * count) / parts), Math.floor(((place + 1) * count) / parts));
}

async function halve(work: Work, messages: readonly ProvinceMessage[]): Promise<void> {
  try {
    await send(work, messages);
  } catch (error) {
    if (!(error instanceof ProvinceAway) || error.notBefore) throw error;
    work.knocks += 1;
    if (messages.length === 1 || work.knocks >= MOST_KNOCKS) {
      const reason = `${UNANSWERED} ${error.detail ?? error.code}`;
      for (const { subject } of messages) work.outcomes.set(subject, { outcome: 'delayed', reason });
      return;
    }
    const middle = Math.ceil(messages.length / 2);
    await halve(work, messages.slice(0, middle));
    await halve(work, messages.slice(middle));
  }
}

async function send(work: Work, messages: readonly ProvinceMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const { outcomes, receipts, unbelieved } = await work.connector.send(messages);
  work.answered = true;
  for (const [subject, outcome] of outcomes) work.outcomes.set(subject, outcome);
  work.receipts.push(...receipts);
  work.unbelieved.push(...unbelieved);
}
