import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { setKeyLimits } from '../../../models/seal/index.ts';
import { requireProgram } from '../../world/programs.ts';
import { callerWith } from '../../world/test-house.ts';
import { expectProblem, storingNothing } from '../http/web.ts';
import { failedIn, type IssuedFiles, issueFiles, verifyOffline } from './issued-files.ts';
import { type OutsideHouse, openOutsideHouse } from './outside-house.ts';
import { altered, away, expectTrouble, reviewed, say, seal } from './troubles.ts';

const OTHER_DIGEST = Buffer.alloc(32, 1).toString('base64');

describe('a body whose keys lie at the signing service', function () {
  this.timeout(30_000);
  let world: OutsideHouse;
  let issued: IssuedFiles;
  const usesOf = async (id: string) => (await world.house.db.rows.keys.findByPk(id))?.uses;

  before(async function () {
    this.timeout(90_000);
    world = await openOutsideHouse({ pressedBy: 'key' });
    issued = await issueFiles(world);
  });
  after(() => world?.close());

  it('has its licences sealed there: a stranger who knows the roots finds both files valid', async () => {
    const reports = await verifyOffline(world, [issued.ofd, issued.pdf]);
    expect(reports.map(({ valid, trusted }) => ({ valid, trusted }))).to.deep.equal([
      { valid: true, trusted: true },
      { valid: true, trusted: true },
    ]);
    expect(reports.flatMap(failedIn)).to.deep.equal([]);
    const [ofd, pdf] = reports;
    expect(ofd?.signatures.map(({ kind, signatureAlgorithm }) => [kind, signatureAlgorithm])).to.deep.equal([
      ['seal', 'SM2'],
      ['signature', 'SM2'],
    ]);
    expect(pdf?.signatures.map(({ kind, signatureAlgorithm }) => [kind, signatureAlgorithm])).to.deep.equal([
      ['signature', 'RSA'],
    ]);
  });

  it('gives a PDF that pdfsig finds valid and signed as a whole', async function () {
    const { stdout } = await promisify(execFile)(requireProgram(this, 'pdfsig'), ['-nocert', issued.pdf]);
    expect(stdout).to.contain('Signature is Valid').and.contain('Total document signed');
  });

  it('has each key counted and each use of the seal on record', async () => {
    const before = await Promise.all(Object.values(world.keyIds).map(usesOf));
    const usesBefore = await world.house.db.rows.sealUses.count();
    expect((await seal(world, await reviewed(world))).status).to.equal(200);
    const after = await Promise.all(Object.values(world.keyIds).map(usesOf));
    expect(after).to.deep.equal(before.map((uses) => Number(uses) + 1));
    const uses = await world.house.db.rows.sealUses.findAll({ order: [['id', 'DESC']] });
    expect(uses).to.have.length(usesBefore + 1);
    expect(uses[0]?.get()).to.include({ sealId: world.sealId, outcome: 'done' });
    expect(uses[0]?.keyIds).to.deep.equal([world.keyIds.SM2, world.keyIds.RSA]);
  });

  it('seals nothing when the service is away, and everything when it is back', () =>
    expectTrouble(world, { path: '/sign', meddling: away, status: 503, code: 'KEY_SERVICE_UNAVAILABLE' }));

  it('seals nothing when the service refuses, also when only the second key is refused', async () => {
    const refused = { path: '/sign', status: 409, code: 'KEY_SERVICE_REFUSED', detail: 'QUOTA' } as const;
    await expectTrouble(world, { ...refused, meddling: say(403, '{"code":"QUOTA"}') });
    await expectTrouble(world, {
      ...refused,
      async meddling({ body, forward }, response) {
        const answer = body.includes('"RSA"') ? { status: 403, body: '{"code":"QUOTA"}' } : await forward();
        response.writeHead(answer.status).end(answer.body);
      },
    });
  });

  for (const algorithm of ['SM2', 'RSA']) {
    it(`seals nothing with an ${algorithm} signature of another digest`, () =>
      expectTrouble(world, {
        ...{ path: '/sign', status: 409, code: 'SEALING_FAILED', detail: 'KEY_UNUSABLE' },
        async meddling({ body, forward }, response) {
          const own = body.includes(`"${algorithm}"`) ? altered(body, { digest: OTHER_DIGEST }) : body;
          const answer = await forward(own);
          response.writeHead(answer.status).end(answer.body);
        },
      }));
  }

  it('seals nothing beyond the limit of any of its keys: nothing is signed, nothing changes', async () => {
    const security = callerWith(['admin.security']);
    for (const keyId of Object.values(world.keyIds)) {
      const licenceId = await reviewed(world);
      await setKeyLimits(world.house, security, keyId, { maxUses: (await usesOf(keyId)) ?? 0 });
      world.meddler.meddle();
      expectProblem(await storingNothing(world, () => seal(world, licenceId)), 409, 'KEY_LIMIT_REACHED');
      expect(world.meddler.asked).to.deep.equal([]);
      expect((await world.house.db.rows.licences.findByPk(licenceId))?.state).to.equal('reviewed');
      await setKeyLimits(world.house, security, keyId, { maxUses: null });
      expect((await seal(world, licenceId)).status).to.equal(200);
    }
  });
});
