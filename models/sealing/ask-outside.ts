/** The way from a sealing thread to the process and back: calls through a MessagePort, answered with bytes. A fault stays on
 *  the process's side, where it keeps its code; the thread only learns that there is no answer. */
import type { MessagePort } from 'node:worker_threads';
import type { ImprintHash, KeyAlgorithm } from '../../signing/index.ts';
import type { PressRequest } from '../seal/seal-service.ts';
import type { Outside } from './outside.ts';

type Call =
  | { readonly what: 'sign'; readonly keyId: string; readonly algorithm: KeyAlgorithm; readonly digest: Uint8Array }
  | { readonly what: 'press'; readonly service: string; readonly request: PressRequest }
  | { readonly what: 'stamp'; readonly hash: ImprintHash; readonly digest: Uint8Array };

interface Answer {
  readonly id: number;
  /** Undefined: it failed. */
  readonly bytes?: Uint8Array;
}

/** The thread's side. `hashes`: the time-stamp authorities that the process can reach. */
export function askOutside(port: MessagePort, hashes: readonly ImprintHash[]): Outside {
  const waiting = new Map<number, { resolve(bytes: Uint8Array): void; reject(error: Error): void }>();
  let last = 0;
  let closed = false;
  port.on('message', ({ id, bytes }: Answer) => {
    const asked = waiting.get(id);
    waiting.delete(id);
    if (bytes) asked?.resolve(bytes);
    else asked?.reject(new Error('no answer from outside'));
  });
  port.on('close', () => {
    closed = true;
    for (const { reject } of waiting.values()) reject(new Error('the way outside was closed'));
    waiting.clear();
  });
  const ask = (call: Call): Promise<Uint8Array> =>
    new Promise((resolve, reject) => {
      if (closed) return reject(new Error('the way outside was closed'));
      last += 1;
      waiting.set(last, { resolve, reject });
      port.postMessage({ id: last, call });
    });
  const stampers = hashes.map((hash) => [hash, (digest: Uint8Array) => ask({ what: 'stamp', hash, digest })]);
  return {
    signDigest: (keyId, algorithm, digest) => ask({ what: 'sign', keyId, algorithm, digest }),
    pressSeal: (service, request) => ask({ what: 'press', service, request }),
    stamp: Object.fromEntries(stampers) as Outside['stamp'],
  };
}

/** The process's side, for one task: answers until the port is closed. `onFault` is told the first fault. */
export function answerAsked(port: MessagePort, outside: Outside, onFault: (fault: unknown) => void): void {
  port.on('message', ({ id, call }: { readonly id: number; readonly call: Call }) => {
    answer(outside, call).then(
      (bytes) => port.postMessage({ id, bytes: Uint8Array.from(bytes) } satisfies Answer),
      (fault: unknown) => {
        onFault(fault);
        port.postMessage({ id } satisfies Answer);
      },
    );
  });
}

async function answer(outside: Outside, call: Call): Promise<Uint8Array> {
  if (call.what === 'press') return outside.pressSeal(call.service, call.request);
  const reach =
    call.what === 'sign' ? outside.signDigest?.bind(undefined, call.keyId, call.algorithm) : outside.stamp[call.hash];
  if (!reach) throw new RangeError(`nobody is connected to ${call.what}`);
  return reach(call.digest);
}
