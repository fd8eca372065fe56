/** Seals by their state and how near keys are to their limits, for the operator's monitor. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';
import { SEAL_STATES, type SealState } from './seal-moves.ts';

const SOON_MS = 30 * 86_400_000;

export interface SealFigures {
  readonly seals: Readonly<Record<SealState, number>>;
  /** The highest share of its uses that an active key has spent, 0 to 1; 0 when none is limited. */
  readonly highestUse: number;
  /** Active keys whose time of use has ended or ends within 30 days. */
  readonly endingKeys: number;
}

export async function countKeysAndSeals({ db, clock }: Pick<House, 'db' | 'clock'>): Promise<SealFigures> {
  const { seals, keys } = db.rows;
  const counted = await seals.count({ group: ['state'] });
  const byState = new Map(counted.map(({ state, count }) => [String(state), count]));
  const limited = await keys.findAll({
    where: { state: 'active', maxUses: { [Op.not]: null } },
    attributes: ['uses', 'maxUses'],
  });
  const shares = limited.map(({ uses, maxUses }) => (maxUses ? uses / maxUses : 1));
  const notAfterUse = { [Op.lte]: new Date(clock().getTime() + SOON_MS) };
  return {
    seals: Object.fromEntries(SEAL_STATES.map((state) => [state, byState.get(state) ?? 0])) as SealFigures['seals'],
    highestUse: shares.reduce((most, share) => Math.max(most, share), 0),
    endingKeys: await keys.count({ where: { state: 'active', notAfterUse } }),
  };
}
