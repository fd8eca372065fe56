/** Stores one large file after another, telling each, until it is killed. Run by the test of crashes: `node --import tsx write-blobs.ts <folder>`. */
import { makeFileBlobs } from '../../../models/store/blobs/file-blobs.ts';

const blobs = makeFileBlobs(process.argv[2] ?? '');
for (let count = 0; ; count += 1) {
  const digest = await blobs.put(new Uint8Array(8_000_000).fill(count % 251));
  process.stdout.write(`${digest}\n`);
}
