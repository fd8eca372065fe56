/** What is left when a sealing came to nothing: an intent and a use of the seal, both void and with their reason, no file, and
 *  a licence that waits to be sealed again. */
import { expect } from 'chai';
import type { FaultCode } from '../../../models/kernel/fault-codes.ts';
import { approve, submission, submit } from '../http/issue.ts';
import { expectProblem } from '../http/web.ts';
import type { Meddler } from './meddler.ts';
import type { OutsideHouse } from './outside-house.ts';

type Meddling = Parameters<Meddler['meddle']>[1];

/** How somebody meddles with a path, and what the caller is told. */
export interface Trouble {
  readonly path: string;
  readonly meddling: Meddling;
  readonly status: number;
  readonly code: FaultCode;
  readonly detail?: string;
}

export async function reviewed(world: OutsideHouse): Promise<string> {
  const licenceId = await submit(world, submission());
  await approve(world, licenceId);
  return licenceId;
}

export async function seal(world: OutsideHouse, licenceId: string) {
  return (await world.person('issuer.seal-keeper')).post(`/api/v1/licences/${licenceId}/seal`, {});
}

export async function expectTrouble(world: OutsideHouse, trouble: Trouble): Promise<void> {
  const { path, meddling, status, code, detail } = trouble;
  const licenceId = await reviewed(world);
  world.meddler.meddle(path, meddling);
  const problem = expectProblem(await seal(world, licenceId), status, code);
  expect(world.meddler.asked).to.include(path);
  if (detail !== undefined) expect(problem.detail).to.equal(detail);
  const { licences, licenceFiles, intents, sealUses } = world.house.db.rows;
  const [intent] = await intents.findAll({ where: { licenceId } });
  const reason = problem.detail === undefined ? code : `${code}: ${problem.detail}`;
  expect(intent?.get()).to.include({ state: 'voided', reason });
  const [use] = await sealUses.findAll({ where: { subjectId: intent?.id ?? '' } });
  expect(use?.get()).to.include({ outcome: 'voided', sealId: world.sealId });
  expect((await licences.findByPk(licenceId))?.state).to.equal('reviewed');
  expect(await licenceFiles.count({ where: { licenceId } })).to.equal(0);
  world.meddler.meddle();
  const sealed = await seal(world, licenceId);
  expect(sealed.status, sealed.text).to.equal(200);
  expect((await sealUses.findAll({ where: { outcome: 'begun' } })).length).to.equal(0);
}

/** The same request with another value in it. */
export const altered = (body: Buffer, change: object): Buffer =>
  Buffer.from(JSON.stringify({ ...(JSON.parse(body.toString('utf8')) as object), ...change }));

export const away: Meddling = (_passing, response) => void response.destroy();
export const say =
  (status: number, body: string): Meddling =>
  (_passing, response) =>
    void response.writeHead(status).end(body);
