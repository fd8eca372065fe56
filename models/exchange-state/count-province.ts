/** How many go, wait, are held back or refused on the way to the province: asked by the operator's monitor every few seconds, so all
 *  of it is answered by indexes, and what is settled is not counted through. */
import { QueryTypes } from 'sequelize';
import type { House } from '../house.ts';

export interface ProvinceCounts {
  readonly depth: number;
  readonly lagSeconds: number;
  readonly held: number;
  readonly refused: number;
  /** Held licences and entries by issuing body. */
  readonly heldByBody: ReadonlyMap<string, number>;
}

export async function countProvince(house: House): Promise<ProvinceCounts> {
  const { outbox, provinceStates } = house.db.rows;
  const waiting = { topic: 'province', state: 'waiting' as const };
  // Ids begin with their time.
  const oldest = await outbox.findOne({ where: waiting, order: [['id', 'ASC']], attributes: ['createdAt'] });
  const age = oldest ? house.clock().getTime() - oldest.createdAt.getTime() : 0;
  return {
    depth: await outbox.count({ where: waiting }),
    lagSeconds: Math.max(0, Math.round(age / 1000)),
    held: await provinceStates.count({ where: { state: 'held' } }),
    refused: await provinceStates.count({ where: { state: 'refused' } }),
    heldByBody: await countHeldByBody(house),
  };
}

/** All that the province has: as many as there are licences, so not for the monitor. */
export function countAcknowledged(house: House): Promise<number> {
  return house.db.rows.provinceStates.count({ where: { state: 'acknowledged' } });
}

async function countHeldByBody(house: House): Promise<Map<string, number>> {
  const rows = await house.db.sequelize.query<{ readonly body: string; readonly held: number }>(
    `SELECT issuing_body AS body, COUNT(*) AS held FROM province_states
     WHERE state = 'held' AND issuing_body IS NOT NULL GROUP BY issuing_body`,
    { type: QueryTypes.SELECT },
  );
  return new Map(rows.map(({ body, held }) => [body, Number(held)]));
}
