/** One answer of every call about seals and keys, for whoever holds them against their schemas. */
import type { Response } from 'supertest';
import { openOutsideMaker } from '../../world/outside-maker.ts';
import { ENTRY, ISSUER, OTHER_ISSUER } from '../../world/sample-entry.ts';
import { apply, approved, BODY_NAME, base64, registration, sealHands, sealOf, why } from './seal-world.ts';
import { bodyOfAnswer, type Web } from './web.ts';

export async function sealAnswers(web: Web): Promise<readonly (readonly [string, Response])[]> {
  const hands = await sealHands(web);
  const { keeper, officer } = hands;
  const outside = await openOutsideMaker(web.house);
  Object.assign(web.house, { trustCertificates: [outside.root] });
  const applied = await keeper.post('/api/v1/seals', { name: '专用章' });
  const { sealId } = sealOf(applied, 201);
  const at = `/api/v1/seals/${sealId}`;
  const accepted = await officer.post('/api/v1/seal-makers', { certificate: base64(outside.maker), ...why });
  const { makerId } = bodyOfAnswer<{ makerId: string }>(accepted);
  const toRegister = await approved(hands, {});
  const body = registration(await outside.sealFor(ISSUER, BODY_NAME));
  const authorised = async () => {
    const user = { organisationCode: OTHER_ISSUER, catalogueCodes: [ENTRY.code], from: '2026-03-01', to: '2026-03-31' };
    return keeper.post(`${at}/users`, { ...user, ...why });
  };
  const answers: (readonly [string, Response])[] = [
    ['post /api/v1/seals', applied],
    ['post /api/v1/seals/:id/approve', await officer.post(`${at}/approve`, why)],
    ['post /api/v1/seals/:id/refuse', await officer.post(`/api/v1/seals/${await apply(hands)}/refuse`, why)],
    ['post /api/v1/seals/:id/make', await officer.post(`${at}/make`, {})],
    ['post /api/v1/seal-makers', accepted],
    ['get /api/v1/seal-makers', await officer.get('/api/v1/seal-makers')],
    ['post /api/v1/seals/:id/register', await officer.post(`/api/v1/seals/${toRegister}/register`, body)],
    ['post /api/v1/seal-makers/:id/withdraw', await officer.post(`/api/v1/seal-makers/${makerId}/withdraw`, why)],
  ];
  const security = await web.person('admin.security');
  const key = await web.house.db.rows.keys.findOne({ where: { organisationCode: ISSUER } });
  const limits = { maxUses: 1000, notAfterUse: '2027-01-01T00:00:00Z' };
  const limited = await security.post(`/api/v1/keys/${key?.id ?? ''}/limits`, limits);
  const user = await authorised();
  const { userId } = bodyOfAnswer<{ userId: string }>(user);
  return [
    ...answers,
    ['post /api/v1/keys/:id/limits', limited],
    ['get /api/v1/keys', await security.get('/api/v1/keys')],
    ['post /api/v1/seals/:id/users', user],
    ['get /api/v1/seals/:id', await keeper.get(at)],
    ['post /api/v1/seals/:id/users/:userId/withdraw', await keeper.post(`${at}/users/${userId}/withdraw`, why)],
    ['get /api/v1/seals', await keeper.get('/api/v1/seals')],
    ['get /api/v1/seals/:id/uses', await keeper.get(`${at}/uses`)],
    ['post /api/v1/seals/:id/freeze', await keeper.post(`${at}/freeze`, why)],
    ['post /api/v1/seals/:id/unfreeze', await officer.post(`${at}/unfreeze`, why)],
    ['post /api/v1/seals/:id/renew', await keeper.post(`${at}/renew`, why)],
    ['post /api/v1/seals/:id/revoke', await officer.post(`${at}/revoke`, why)],
  ];
}
