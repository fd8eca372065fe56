/** The way of a licence over HTTP, for tests that begin where it ends. */
import { expect } from 'chai';
import type { LicenceView } from '../../../models/licence/index.ts';
import { SUBMISSION } from '../../world/sample-entry.ts';
import { bodyOfAnswer, type Web } from './web.ts';

let made = 0;

/** A submission that is right in every point, with a number of its own. */
export function submission(changes: object = {}, fields: object = {}): Record<string, unknown> {
  made += 1;
  const licenceNumber = `施字第${String(2_026_500_000 + made)}号`;
  return { ...SUBMISSION, fields: { ...SUBMISSION.fields, licenceNumber, ...fields }, ...changes };
}

/** Submitted by the clerk; its id. */
export async function submit(web: Pick<Web, 'person'>, body = submission()): Promise<string> {
  const clerk = await web.person('issuer.clerk');
  const response = await clerk.post('/api/v1/licences', body);
  expect(response.status, response.text).to.equal(201);
  return bodyOfAnswer<{ licenceId: string }>(response).licenceId;
}

export async function approve(web: Pick<Web, 'person'>, licenceId: string): Promise<void> {
  const reviewer = await web.person('issuer.reviewer');
  const response = await reviewer.post(`/api/v1/licences/${licenceId}/review`, { decision: 'approved' });
  expect(response.status, response.text).to.equal(200);
}

/** Submitted, reviewed, sealed. */
export async function issue(web: Pick<Web, 'person'>, body = submission()): Promise<LicenceView> {
  const licenceId = await submit(web, body);
  await approve(web, licenceId);
  const keeper = await web.person('issuer.seal-keeper');
  const response = await keeper.post(`/api/v1/licences/${licenceId}/seal`, {});
  expect(response.status, response.text).to.equal(200);
  return bodyOfAnswer<LicenceView>(response);
}
