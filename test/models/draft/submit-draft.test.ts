import { expect } from 'chai';
import { changeDraft, saveDraft } from '../../../models/draft/save-draft.ts';
import { submitDraft } from '../../../models/draft/submit-draft.ts';
import { eachDatabase } from '../../world/each-database.ts';
import { clerk, ENTRY, openFurnishedHouse, SUBMISSION } from '../../world/sample-entry.ts';
import type { TestHouse } from '../../world/test-house.ts';
import { faultOf } from '../fault-of.ts';
import { rowOf } from '../licence/issue-one.ts';

eachDatabase('a draft that is submitted', (openDatabase) => {
  let house: TestHouse;
  const filled = (projectName: string) => ({
    holders: structuredClone([...SUBMISSION.holders]),
    fields: { projectName },
  });
  const save = () => saveDraft(house, clerk, { catalogueCode: ENTRY.code, submission: filled('旧') });

  before(async function () {
    this.timeout(60_000);
    house = await openFurnishedHouse(await openDatabase());
  });

  after(() => house.close());

  it('stays with its newer contents when it is saved anew meanwhile, and is then submitted with them', async () => {
    const { draftId } = await save();
    const { drafts, licences } = house.db.rows;
    drafts.addHook('afterFind', 'between', async () => {
      drafts.removeHook('afterFind', 'between');
      await changeDraft(house, clerk, draftId, filled('新'));
    });
    expect((await faultOf(submitDraft(house, clerk, draftId))).code).to.equal('STATE_CONFLICT');
    expect(await licences.count()).to.equal(0);
    const { licenceId } = await submitDraft(house, clerk, draftId);
    expect((await rowOf(house, licenceId)).fields.projectName).to.equal('新');
    expect(await drafts.count()).to.equal(0);
  });

  it('makes one licence of two who submit it at once', async () => {
    const { draftId } = await save();
    const before = await house.db.rows.licences.count();
    const both = await Promise.allSettled([submitDraft(house, clerk, draftId), submitDraft(house, clerk, draftId)]);
    const words = both.map((one) => (one.status === 'fulfilled' ? 'done' : (one.reason as { code: string }).code));
    expect(words).to.have.members(['done', 'NOT_FOUND']);
    expect(await house.db.rows.licences.count()).to.equal(before + 1);
  });

  it('is one of 200 of a person under a type, and not the last of other types', async () => {
    const { drafts } = house.db.rows;
    const { draftId } = await save();
    const row = (await drafts.findByPk(draftId))?.get();
    if (!row) throw new Error('no draft');
    await drafts.bulkCreate(Array.from({ length: 199 }, (_, place) => ({ ...row, id: `D${place}` })));
    expect((await faultOf(save())).code).to.equal('DRAFTS_FULL');
    await drafts.update({ catalogueCode: 'other' }, { where: { id: 'D0' } });
    expect((await save()).catalogueCode).to.equal(ENTRY.code);
  });
});
