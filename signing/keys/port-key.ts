/** Remote keys inside worker threads: only the process knows the signing service, so a worker sends it digests through a
 *  MessagePort and is sent signatures. The worker verifies them itself (remote-key.ts). */
import type { MessagePort } from 'node:worker_threads';
import { SigningError } from '../error.ts';
import { type RemoteKeyReference, remoteKey, type SignDigest } from './remote-key.ts';
import type { KeyAlgorithm, SigningKey } from './signing-key.ts';

interface Asked {
  readonly id: number;
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  readonly digest: Uint8Array;
}

interface Answered {
  readonly id: number;
  readonly signature?: Uint8Array;
  /** Why there is none: the code of the fault, which survives the way between threads as an error would not. */
  readonly fault?: { readonly code: string; readonly message: string };
}

interface Waiting {
  resolve(signature: Uint8Array): void;
  reject(error: Error): void;
}

const signers = new WeakMap<MessagePort, SignDigest>();

/** The worker's side: a digest signer that asks through the port. One port serves all keys of a thread. It keeps the
 *  thread alive only while an answer is awaited. Rejects with KEY_UNUSABLE; `details.code` is the code of the fault on the
 *  other side. */
export function portSignDigest(port: MessagePort): SignDigest {
  const known = signers.get(port);
  if (known) return known;
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let closed = false;
  port.on('message', (answer: Answered) => {
    const asked = waiting.get(answer.id);
    waiting.delete(answer.id);
    if (waiting.size === 0) port.unref();
    if (answer.signature) asked?.resolve(answer.signature);
    else asked?.reject(refusal(answer.fault?.message ?? 'no signature', answer.fault?.code));
  });
  port.on('close', () => {
    closed = true;
    for (const { reject } of waiting.values()) reject(refusal('the port to the signing service was closed'));
    waiting.clear();
  });
  port.unref();
  const signDigest: SignDigest = (keyId, algorithm, digest) =>
    new Promise((resolve, reject) => {
      if (closed) return reject(refusal('the port to the signing service was closed'));
      last += 1;
      waiting.set(last, { resolve, reject });
      port.ref();
      const asked: Asked = { id: last, keyId, algorithm, digest: Uint8Array.from(digest) };
      port.postMessage(asked);
    });
  signers.set(port, signDigest);
  return signDigest;
}

function refusal(message: string, code = 'KEY_UNUSABLE'): SigningError {
  return new SigningError('KEY_UNUSABLE', message, { code });
}

/** A remote key in a worker, by the port that was handed to it. */
export function portSigningKey(port: MessagePort, reference: RemoteKeyReference): SigningKey {
  return remoteKey(reference, portSignDigest(port));
}

/** The process's side: answer what comes through the port by the signing service, until the port is closed. Does not keep
 *  the process alive. */
export function serveSigningKeys(port: MessagePort, signDigest: SignDigest): void {
  port.on('message', ({ id, keyId, algorithm, digest }: Asked) => {
    const answer = (answered: Answered) => port.postMessage(answered);
    signDigest(keyId, algorithm, digest).then(
      (signature) => answer({ id, signature: Uint8Array.from(signature) }),
      (error: unknown) => answer({ id, fault: describe(error) }),
    );
  });
  port.unref();
}

function describe(error: unknown): { code: string; message: string } {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return { code: typeof code === 'string' ? code : 'KEY_UNUSABLE', message: String(message ?? error) };
}
