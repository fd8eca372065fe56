/** Seals over HTTP, for tests: the hands of those concerned, and a body for every call. */
import { expect } from 'chai';
import type { Response } from 'supertest';
import type { OutsideSeal } from '../../world/outside-maker.ts';
import { ISSUER } from '../../world/sample-entry.ts';
import { bodyOfAnswer, type Hand, type Web } from './web.ts';

export interface SealBody {
  readonly sealId: string;
  readonly state: string;
  readonly [key: string]: unknown;
}

export interface SealHands {
  readonly keeper: Hand;
  readonly officer: Hand;
}

export const why = { reason: '核查' };

export async function sealHands(web: Web): Promise<SealHands> {
  return { keeper: await web.person('issuer.seal-keeper'), officer: await web.person('bureau.officer') };
}

export function sealOf(response: Response, status = 200): SealBody {
  expect(response.status, response.text).to.equal(status);
  return bodyOfAnswer<SealBody>(response);
}

/** Applied for by the issuer's keeper; its id. */
export async function apply({ keeper }: SealHands, body: object = {}): Promise<string> {
  const response = await keeper.post('/api/v1/seals', { name: '样例市城乡建设局电子印章', ...body });
  return sealOf(response, 201).sealId;
}

/** Applied for and approved. */
export async function approved(hands: SealHands, body: object = {}): Promise<string> {
  const id = await apply(hands, body);
  sealOf(await hands.officer.post(`/api/v1/seals/${id}/approve`, why));
  return id;
}

/** Applied for, approved and made. */
export async function made(hands: SealHands, body: object = {}): Promise<string> {
  const id = await approved(hands, body);
  sealOf(await hands.officer.post(`/api/v1/seals/${id}/make`, {}));
  return id;
}

export const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

export function registration(seal: OutsideSeal, more: object = {}): Record<string, unknown> {
  const { eseal, certificates, sm2KeyId, rsaKeyId } = seal;
  return { eseal: base64(eseal), certificates: certificates.map(base64), sm2KeyId, rsaKeyId, ...more };
}

/** The seal with which the sample issuer seals from the start. */
export async function firstSeal(web: Web): Promise<string> {
  const row = await web.house.db.rows.seals.findOne({ where: { organisationCode: ISSUER, state: 'active' } });
  return row?.id ?? '';
}

export const BODY_NAME = '样例市城乡建设局';
