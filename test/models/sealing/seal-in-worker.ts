/** Asks outside from a worker thread: signs, then says what came of it. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { askOutside } from '../../../models/sealing/ask-outside.ts';
import { type RemoteKeyReference, remoteKey, type SignDigest } from '../../../signing/index.ts';

const { port, references, messages } = workerData as {
  port: MessagePort;
  references: readonly RemoteKeyReference[];
  messages: readonly string[];
};

const { signDigest } = askOutside(port, []) as { signDigest: SignDigest };
for (const reference of references) {
  for (const message of messages) {
    const signature = await remoteKey(reference, signDigest).sign(Buffer.from(message));
    parentPort?.postMessage({ algorithm: reference.algorithm, message, signature });
  }
}
port.close();
