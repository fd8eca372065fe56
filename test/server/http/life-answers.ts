/** Answers of the routes of a licence's life. */
import type { Response } from 'supertest';
import { issue } from './issue.ts';
import { bodyOfAnswer, type Web } from './web.ts';

export async function lifeAnswers(web: Web): Promise<readonly (readonly [string, Response])[]> {
  const clerk = await web.person('issuer.clerk');
  const { licenceId } = await issue(web);
  const path = `/api/v1/licences/${licenceId}`;
  const effectiveAt = new Date(web.house.clock().getTime() + 86_400_000).toISOString();
  const change = { act: 'suspend', legalBasis: '规定', reason: '核查', effectiveAt };
  const planned = await clerk.post(`${path}/status`, change);
  const { plannedMoves } = bodyOfAnswer<{ plannedMoves: readonly { readonly moveId: string }[] }>(planned);
  const withdrawal = `${path}/planned-moves/${plannedMoves[0]?.moveId}/withdraw`;
  const at = web.house.clock().toISOString();
  return [
    ['get /api/v1/licences/:id/as-of', await clerk.get(`${path}/as-of?at=${at}`)],
    [
      'post /api/v1/licences/:id/successions',
      await clerk.post(`${path}/successions`, { act: 'amend', legalBasis: '规定', reason: '变更' }),
    ],
    ['post /api/v1/licences/:id/status', planned],
    ['post /api/v1/licences/:id/planned-moves/:moveId/withdraw', await clerk.post(withdrawal, { reason: '不再需要' })],
  ];
}
