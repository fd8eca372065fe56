/** The seal with which the house sealed a licence, so that its face is shown as it was sealed. */
import { Op } from 'sequelize';
import type { House } from '../house.ts';

export interface Sealing {
  /** PNG; none when the seal is not on record any more. */
  readonly sealPicture?: Uint8Array;
}

/** Undefined for a licence that its department sealed itself: its face is the department's own, and none is drawn here. */
export async function findSealing(house: House, licenceId: string): Promise<Sealing | undefined> {
  const { intents, seals } = house.db.rows;
  const intent = await intents.findOne({ where: { licenceId, state: 'finished' } });
  if (!intent) return undefined;
  // Intents of before the seal was kept with them: the newest seal their body had at the time.
  const known = intent.sealId
    ? await seals.findByPk(intent.sealId)
    : await seals.findOne({
        where: {
          organisationCode: (await house.db.rows.licences.findByPk(licenceId))?.issuingBody ?? '',
          createdAt: { [Op.lte]: intent.intendedAt },
          picture: { [Op.ne]: null },
        },
        order: [['id', 'DESC']],
      });
  return known?.picture ? { sealPicture: new Uint8Array(known.picture) } : {};
}
