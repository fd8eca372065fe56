import { expect } from 'chai';
import { listAnnulments } from '../../../models/commitment/index.ts';
import type { CommitmentColumns } from '../../../models/commitment/rows.ts';
import { insertRows } from '../../../models/store/bulk-write.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { bureauOfficer, ENTRY, openFurnishedHouse } from '../../world/sample-entry.ts';

eachDatabase('annulled commitments', (openDatabase) => {
  it('are listed by the time of their annulment, newest first, page by page', async function () {
    this.timeout(60_000);
    const house = await openFurnishedHouse(await openDatabase());
    const annulled = (id: string, endedAt: string): CommitmentColumns => ({
      ...{
        id,
        issuingBody: ENTRY.issuingBody,
        catalogueCode: ENTRY.code,
        state: 'annulled',
        dueOn: null,
        nextOn: null,
      },
      ...{ rectifyBy: null, toldBodies: [], endedAt: new Date(endedAt), createdAt: house.clock() },
    });
    const rows = [
      annulled('A', '2026-03-09T01:00:00.000Z'),
      annulled('B', '2026-03-05T01:00:00.000Z'),
      annulled('C', '2026-03-07T01:00:00.123Z'),
      annulled('D', '2026-03-07T01:00:00.123Z'),
    ];
    await withTransaction(house.db, (tx) => insertRows(house.db, tx, house.db.rows.commitments, rows));
    const seen: string[][] = [];
    let after: string | undefined;
    do {
      const { items, next } = await listAnnulments(house, bureauOfficer, { limit: 2, after });
      seen.push(items.map(({ licenceId }) => licenceId));
      after = next ?? undefined;
    } while (after !== undefined);
    expect(seen).to.deep.equal([
      ['A', 'D'],
      ['C', 'B'],
    ]);
    expect((await listAnnulments(house, bureauOfficer, { after: 'UNKNOWN' })).items).to.deep.equal([]);
    await house.close();
  });
});
