/** Licences of a case come as their department sends them; some are issued there and then. Their sealed files are not made: what is
 *  issued is written as rows, as if it had been sealed. */

import { statusOn, turnsOn } from '../../../models/licence/states.ts';
import { submitLicences } from '../../../models/licence/submit-licences.ts';
import { insertRows, updateRows } from '../../../models/store/bulk-write.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { dateOf } from './arrangement.ts';
import type { Played } from './play-story.ts';
import { catalogueOf, clerkOf, companyOf } from './quarter-world.ts';
import type { Push, StoryLicence } from './story.ts';

export const identifierOf = (licence: string) => `QUARTER.${licence.replace(/\D/g, '')}`;

export async function pushLicences({ house, licences, holders }: Played, push: Push): Promise<void> {
  const { department, caseNumber, closedAt, by, licences: sent } = push;
  const stated = closedAt === undefined ? {} : { closedAt: new Date(closedAt).toISOString() };
  const items = sent.map(({ number, holder }) => ({
    body: {
      catalogueCode: catalogueOf(department),
      holders: [{ name: `样例第${holder}有限公司`, type: 'legal', number: companyOf(holder) }],
      fields: { licenceNumber: number, projectName: '样例花园' },
      caseNumber,
      ...stated,
    },
    from: { source: typeof by === 'string' ? by : ('sheet' as const) },
  }));
  const way = typeof by === 'string' ? undefined : by;
  const outcomes = await submitLicences(house, clerkOf(department), items, undefined, way);
  for (const [index, outcome] of outcomes.entries()) {
    if ('fault' in outcome) throw outcome.fault;
    licences.set(sent[index]?.number ?? '', outcome.done.licenceId);
  }
  await learnHolders(house, { licences, holders }, sent);
  await issue(house, licences, sent);
}

async function learnHolders(
  house: TestHouse,
  { licences, holders }: Pick<Played, 'licences' | 'holders'>,
  sent: readonly StoryLicence[],
): Promise<void> {
  for (const { number, holder } of sent) {
    if (holders.has(holder)) continue;
    const licenceId = licences.get(number) ?? '';
    const link = await house.db.rows.licenceHolders.findOne({ where: { licenceId }, attributes: ['holderId'] });
    if (link) holders.set(holder, link.holderId);
  }
}

async function issue(house: TestHouse, ids: ReadonlyMap<string, string>, sent: readonly StoryLicence[]): Promise<void> {
  const now = house.clock();
  const today = dateOf(now.getTime());
  const rows = sent
    .filter(({ issued }) => issued)
    .map(({ number, validFrom = today, validTo = '2031-12-31' }) => {
      const dated = { status: 'valid' as const, validFrom, validTo };
      const status = statusOn(dated, today) ?? 'valid';
      return {
        ...{ id: ids.get(number) ?? '', state: 'issued' as const, ...dated, status, issuedOn: today, sequence: 2 },
        ...{ identifier: identifierOf(number), verificationCode: identifierOf(number) },
        turnsOn: turnsOn({ ...dated, status, source: 'api' }),
      };
    });
  const changes = rows.map(({ id, status }) => ({
    ...{ id: house.newId(), licenceId: id, sequence: 2, act: 'issue', fromStatus: null, toStatus: status },
    ...{ actor: 'quarter', legalBasis: null, reason: null, replaced: null, effectiveAt: now, createdAt: now },
  }));
  if (rows.length === 0) return;
  await withTransaction(house.db, async (tx) => {
    await updateRows(house.db, tx, house.db.rows.licences, 'id', rows);
    await insertRows(house.db, tx, house.db.rows.changes, changes);
  });
}
