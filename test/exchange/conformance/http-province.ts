/** The reference province over HTTP. */
import { connectHttp } from '../../../exchange/province/http/connect.ts';
import { openHouseKey } from '../../../models/seal/keys.ts';
import { loadTrust } from '../../../models/verification/trust.ts';
import { startProvince } from '../../../server/sandbox/province/start-province.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import type { TestHouse } from '../../world/test-house.ts';
import type { TestProvince } from './test-province.ts';

export async function openHttpProvince(house: TestHouse): Promise<TestProvince> {
  const folder = temporaryFolder();
  const { certificates } = await openHouseKey(house, 'repository', 'SM2');
  const trust = await loadTrust(house);
  const start = (port: number) =>
    startProvince({
      ...{ port, bind: '127.0.0.1', dataDir: folder.path, clock: house.clock, trust },
      cityCertificate: certificates[0] ?? new Uint8Array(),
    });
  let there = await start(0);
  const { url, key } = there;
  const publicKey = key.publicKey;
  return {
    name: 'http',
    connect: (from) => connectHttp(from, { url, publicKey }),
    work: async () => undefined,
    async find(subject) {
      const held = there.library.find(subject);
      if (!held) return undefined;
      const { status } = JSON.parse(held.record) as { status?: string };
      return {
        content: JSON.stringify(held),
        isValid: status === 'valid',
        hasFile: there.library.files(subject).length > 0,
      };
    },
    count: async () => there.library.count(),
    refuse: (reason) => there.setFaults(reason ? { refuse: reason } : {}),
    goAway: () => there.close(),
    async comeBack() {
      there = await start(Number(new URL(url).port));
    },
    async close() {
      await there.close();
      folder.remove();
    },
  };
}
