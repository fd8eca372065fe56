/** Certificates that this repository trusts or uses: their authorities' lists are wanted, and their authorities' keys are
 *  what those lists are verified with. */
import type { House } from '../house.ts';

/** DER, each once. */
export async function findUsedCertificates(house: House): Promise<Uint8Array[]> {
  const { keys, seals, sealMakers } = house.db.rows;
  const ofKeys = await keys.findAll({ attributes: ['certificates'] });
  const ofSeals = await seals.findAll({ attributes: ['certificates'] });
  const ofMakers = await sealMakers.findAll({ attributes: ['certificate'] });
  const texts = new Set([
    ...house.trustCertificates.map((der) => Buffer.from(der).toString('base64')),
    ...ofKeys.flatMap(({ certificates }) => certificates),
    ...ofSeals.flatMap(({ certificates }) => certificates ?? []),
    ...ofMakers.map(({ certificate }) => certificate),
  ]);
  return [...texts].map((text) => new Uint8Array(Buffer.from(text, 'base64')));
}
