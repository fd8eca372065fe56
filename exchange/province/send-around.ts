/** Send a batch around what the province chokes on. One message that makes it fail (HTTP 500, no answer in time) looks like a
 *  province that is away; so after each failure it is asked something plain. No answer to that either: it is away, and nobody is
 *  blamed. An answer: it is there, and what failed is halved down to the message that alone gets it wrong, which waits by itself. */
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
/** Requests in one batch that may fail; each may last until its time is out. */
const MOST_FAILURES = 16;

export interface Around {
  readonly sent: Sent;
  /** Somebody is there: something got through, or a plain question was answered after what did not. */
  readonly answered: boolean;
  /** Somebody is there, and yet nothing got through: the next batch had better wait. */
  readonly stuck: boolean;
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
  /** Requests that were answered, and that were not. */
  answers: number;
  failures: number;
}

/** @param doubtful subjects that failed by themselves before */
export async function sendAround(
  connector: ProvinceConnector,
  messages: readonly ProvinceMessage[],
  doubtful: ReadonlySet<string>,
): Promise<Around> {
  const work: Work = { connector, outcomes: new Map(), receipts: [], unbelieved: [], answers: 0, failures: 0 };
  const away = await sendApart(work, messages, doubtful).catch((error: unknown) => {
    if (error instanceof ProvinceAway) return error;
    throw error;
  });
  const { outcomes, receipts, unbelieved, answers, failures } = work;
  const stuck = answers === 0 && failures > 0;
  return { sent: { outcomes, receipts, unbelieved }, answered: answers + failures > 0, stuck, away: away ?? undefined };
}

async function sendApart(
  work: Work,
  messages: readonly ProvinceMessage[],
  doubtful: ReadonlySet<string>,
): Promise<void> {
  const isDoubtful = ({ subject }: ProvinceMessage) => doubtful.has(subject);
  await send(
    work,
    messages.filter((one) => !isDoubtful(one)),
  );
  await send(work, messages.filter(isDoubtful));
}

async function send(work: Work, messages: readonly ProvinceMessage[]): Promise<void> {
  if (messages.length === 0) return;
  const error = await tryOnce(work, messages);
  if (!error) return;
  await work.connector.knock();
  work.failures += 1;
  if (messages.length === 1 || work.failures >= MOST_FAILURES) {
    const reason = `${UNANSWERED} ${error.detail ?? error.code}`;
    for (const { subject } of messages) work.outcomes.set(subject, { outcome: 'delayed', reason });
    return;
  }
  const middle = Math.ceil(messages.length / 2);
  await send(work, messages.slice(0, middle));
  await send(work, messages.slice(middle));
}

/** Why there was no answer. Throws `ProvinceAway` when it asked to be left alone: it is there, and chokes on nothing. */
async function tryOnce(work: Work, messages: readonly ProvinceMessage[]): Promise<ProvinceAway | undefined> {
  try {
    const { outcomes, receipts, unbelieved } = await work.connector.send(messages);
    work.answers += 1;
    for (const [subject, outcome] of outcomes) work.outcomes.set(subject, outcome);
    work.receipts.push(...receipts);
    work.unbelieved.push(...unbelieved);
    return undefined;
  } catch (error) {
    if (!(error instanceof ProvinceAway) || error.notBefore) throw error;
    return error;
  }
}
