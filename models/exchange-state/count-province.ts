/** How many go, wait, are held back or refused on the way to the province. */
import type { House } from '../house.ts';

export interface ProvinceCounts {
  readonly depth: number;
  readonly lagSeconds: number;
  readonly held: number;
  readonly refused: number;
  readonly acknowledged: number;
  /** Held licences and entries by issuing body. */
  readonly heldByBody: ReadonlyMap<string, number>;
}

export async function countProvince(house: House): Promise<ProvinceCounts> {
  const { outbox, provinceStates } = house.db.rows;
  const waiting = { topic: 'province', state: 'waiting' as const };
  const oldest = await outbox.findOne({ where: waiting, order: [['createdAt', 'ASC']], attributes: ['createdAt'] });
  const age = oldest ? house.clock().getTime() - oldest.createdAt.getTime() : 0;
  return {
    depth: await outbox.count({ where: waiting }),
    lagSeconds: Math.max(0, Math.round(age / 1000)),
    held: await provinceStates.count({ where: { state: 'held' } }),
    refused: await provinceStates.count({ where: { state: 'refused' } }),
    acknowledged: await provinceStates.count({ where: { state: 'acknowledged' } }),
    heldByBody: await countHeldByBody(house),
  };
}

async function countHeldByBody(house: House): Promise<Map<string, number>> {
  const { provinceStates, licences, catalogueEntries } = house.db.rows;
  const held = await provinceStates.findAll({ where: { state: 'held' }, attributes: ['subjectType', 'subjectId'] });
  const idsOf = (type: string) => held.filter((row) => row.subjectType === type).map((row) => row.subjectId);
  const ofLicences = await licences.findAll({ where: { id: idsOf('licence') }, attributes: ['issuingBody'] });
  const ofEntries = await catalogueEntries.findAll({
    where: { code: idsOf('catalogue') },
    attributes: ['issuingBody', 'code'],
    group: ['code', 'issuingBody'],
  });
  const counts = new Map<string, number>();
  for (const { issuingBody } of [...ofLicences, ...ofEntries])
    counts.set(issuingBody, (counts.get(issuingBody) ?? 0) + 1);
  return counts;
}
