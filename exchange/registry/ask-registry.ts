/** Compare one holder at a registry: POST /population/compare or /legal-person/compare, JSON both ways, numbers in bodies only.
 *  Bounded in time and size, from the address that was asked and no other; the answer names the request it belongs to. */
import { z } from 'zod';
import type { Clock } from '../../models/kernel/clock.ts';
import type { RandomBytes } from '../../models/kernel/ids.ts';
import {
  COMPARED_FIELDS,
  REGISTRIES,
  type RegistryAnswer,
  type RegistryQuestion,
} from '../../models/registry/index.ts';
import type { RegistryConnector } from './connector.ts';

export interface RegistryLine {
  /** No trailing slash. */
  readonly url: string;
  readonly token: string;
  readonly clock: Clock;
  readonly random: RandomBytes;
  /** From the question to the last byte of the answer, in milliseconds; left out: 5 seconds. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 5_000;
const MOST_BYTES = 16 * 1024;
/** After it could not be reached it is not asked for so long: those that wait do not each wait for the time-out. */
const REST_MS = 10_000;
/** Refusals that the next question would get too: not known there, too slow, too many. */
const OF_ALL: readonly number[] = [401, 403, 408, 429];

const requestId = z.string().max(64);
const answerSchema = z.discriminatedUnion('outcome', [
  z.strictObject({ requestId, outcome: z.literal('match') }),
  z.strictObject({ requestId, outcome: z.literal('unknown') }),
  z.strictObject({
    requestId,
    outcome: z.literal('mismatch'),
    fields: z.array(z.enum(COMPARED_FIELDS)).min(1).max(COMPARED_FIELDS.length),
  }),
]);

/** Nothing came, or not in time; the registry itself is in trouble, not its answer to this question. */
class NotReached extends Error {
  override readonly name = 'NotReached';
}

export function connectRegistry(line: RegistryLine): RegistryConnector {
  let restsUntil = 0;
  return {
    async compare(question) {
      const now = line.clock().getTime();
      if (now < restsUntil) return unavailable('RESTS');
      try {
        return await askOnce(line, question);
      } catch (error) {
        if (!(error instanceof NotReached)) return unavailable('ODD_ANSWER');
        restsUntil = now + REST_MS;
        return unavailable(error.message);
      }
    },
  };
}

const unavailable = (reason: string): RegistryAnswer => ({ outcome: 'unavailable', reason });

async function askOnce(line: RegistryLine, question: RegistryQuestion): Promise<RegistryAnswer> {
  const id = Buffer.from(line.random(16)).toString('hex');
  const signal = AbortSignal.timeout(line.timeoutMs ?? TIMEOUT_MS);
  const response = await reach(signal, () =>
    fetch(`${line.url}/${REGISTRIES[question.type]}/compare`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${line.token}`,
        'content-type': 'application/json',
        accept: 'application/json',
      },
      body: JSON.stringify({ requestId: id, ...question }),
      ...{ signal, redirect: 'manual' },
    }),
  );
  try {
    const { status } = response;
    if (status >= 500 || OF_ALL.includes(status)) throw new NotReached(`HTTP_${status}`);
    if (status !== 200) return unavailable(`HTTP_${status}`);
    const body = await reach(signal, () => readBody(response));
    if (body === undefined) return unavailable('TOO_LARGE');
    const answer = answerSchema.safeParse(JSON.parse(body)).data;
    if (answer === undefined) return unavailable('ODD_ANSWER');
    if (answer.requestId !== id) return unavailable('OTHER_REQUEST');
    return answer.outcome === 'mismatch'
      ? { outcome: 'mismatch', fields: [...new Set(answer.fields)] }
      : { outcome: answer.outcome };
  } finally {
    // what is left unread would keep the connection; after an end or a failure there is nothing to cancel
    if (response.body && !response.body.locked) await response.body.cancel().catch(() => undefined);
  }
}

async function reach<T>(signal: AbortSignal, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw new NotReached(signal.aborted ? 'TIMED_OUT' : 'NOT_REACHED', { cause });
  }
}

/** Undefined when it is larger than any answer. */
async function readBody(response: Response): Promise<string | undefined> {
  const parts: Uint8Array[] = [];
  let size = 0;
  // leaving the loop early cancels the rest
  for await (const part of response.body ?? []) {
    size += part.length;
    if (size > MOST_BYTES) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
