/** Files as people hand them in as evidence, and the way in which the server takes them in. */
import { receiveFile } from '../../../models/import/stored-file.ts';
import type { TestHouse } from '../../world/test-house.ts';

const PNG =
  '89504e470d0a1a0a0000000d4948445200000001000000010806000000' +
  '1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082';

export const EVIDENCE = {
  png: Buffer.from(PNG, 'hex'),
  pdf: Buffer.from('%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n'),
  jpg: Buffer.from('ffd8ffe000104a46494600010100000100010000ffd9', 'hex'),
} as const;

/** As the server does before the act. */
export function handIn(house: TestHouse, name: string, bytes: Uint8Array) {
  async function* chunks() {
    yield bytes;
  }
  return receiveFile(house, chunks(), { name, mostBytes: 10 * 1024 * 1024 });
}
