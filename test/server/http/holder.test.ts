import { expect } from 'chai';
import { CITIZEN } from '../../world/sample-entry.ts';
import { readBinary } from './read-binary.ts';
import { openSharingWorld, type SharingWorld } from './sharing-world.ts';
import { addUser, bodyOfAnswer, expectProblem, type Hand, signIn } from './web.ts';

describe('a holder', () => {
  let world: SharingWorld;
  let holder: Hand;

  before(async function () {
    this.timeout(60_000);
    world = await openSharingWorld();
    const holderId = world.personal.holders[0]?.holderId ?? '';
    await addUser(world.web.house, { loginName: 'ouyang', roles: ['holder'], holderId });
    holder = await signIn(world.web.app, 'ouyang');
  });

  after(() => world.web.close());

  it('sees their own licences and nobody else’s', async () => {
    const response = await holder.get('/api/v1/my/licences');
    const { items } = bodyOfAnswer<{ items: { licenceId: string; status: string }[] }>(response);
    expect(items.map(({ licenceId, status }) => [licenceId, status])).to.deep.equal([
      [world.personal.licenceId, 'valid'],
    ]);
    expect(response.text).to.not.include(CITIZEN);
  });

  it('downloads the sealed originals, byte for byte what is kept', async () => {
    for (const { format, sm3 } of world.personal.files) {
      const path = `/api/v1/licences/${world.personal.licenceId}/files/${format}`;
      const response = await holder.get(path).buffer(true).parse(readBinary);
      expect(response.status).to.equal(200);
      expect(response.type).to.equal(`application/${format}`);
      expect(response.get('Content-Disposition')).to.equal(
        `attachment; filename="${world.personal.identifier}.${format}"`,
      );
      expect(response.get('Cache-Control')).to.equal('no-store');
      const kept = Buffer.from(await world.web.house.blobs.get(sm3));
      expect(kept.equals(response.body as Buffer)).to.equal(true);
    }
  });

  it('does not find another holder’s licence, nor a format that is none', async () => {
    expectProblem(await holder.get(`/api/v1/licences/${world.licence.licenceId}/files/ofd`), 404, 'NOT_FOUND');
    expectProblem(await holder.get('/api/v1/licences/NOSUCH/files/ofd'), 404, 'NOT_FOUND');
    expectProblem(await holder.get(`/api/v1/licences/${world.personal.licenceId}/files/docx`), 404, 'FILE_MISSING');
  });
});
