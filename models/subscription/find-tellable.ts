/** What is still kept of the feed and may be told today: a grant that was withdrawn, or a body that is no longer active, silences
 *  what was already on its way. */
import type { House } from '../house.ts';
import { knowledgeOf } from '../publication/knowledge.ts';
import { findEntries, mayKnow } from '../publication/read-feed.ts';
import type { FeedColumns } from '../publication/rows.ts';
import type { Tx } from '../store/with-transaction.ts';

/** @param organisationCode of the subscribing body */
export async function findTellable(
  house: House,
  organisationCode: string,
  positions: readonly number[],
  tx?: Tx,
): Promise<FeedColumns[]> {
  if (positions.length === 0) return [];
  const body = await house.db.rows.organisations.findByPk(organisationCode, tx ? { transaction: tx } : {});
  if (body?.state !== 'active') return [];
  const knowledge = await knowledgeOf(house, organisationCode, tx);
  return (await findEntries(house, positions, tx)).filter((entry) => mayKnow(knowledge, entry));
}
