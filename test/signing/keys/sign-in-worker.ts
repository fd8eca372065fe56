/** Signs some messages with remote keys inside a worker thread, then has nothing more to do. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { OID } from '../../../signing/der/oids.ts';
import { portSigningKey } from '../../../signing/keys/port-key.ts';
import type { RemoteKeyReference } from '../../../signing/keys/remote-key.ts';
import { verifySigned } from '../../../signing/x509/verify-signed.ts';

const { port, references, messages } = workerData as {
  port: MessagePort;
  references: readonly RemoteKeyReference[];
  messages: readonly string[];
};

for (const reference of references) {
  const { algorithm, publicKey } = reference;
  const key = portSigningKey(port, reference);
  for (const message of messages) {
    const signature = await key.sign(Buffer.from(message));
    const oid = algorithm === 'SM2' ? OID.sm2WithSm3 : OID.sha256WithRsa;
    parentPort?.postMessage({
      algorithm,
      message,
      right: verifySigned(oid, publicKey, Buffer.from(message), signature),
    });
  }
}
