/** Seals as people come by them: the body's keeper applies, the bureau's officer approves and makes; frozen, nothing is sealed
 *  with them; every use is on record. */

import { accountName } from './account-name.ts';
import type { Client } from './client.ts';
import { expect } from './step.ts';
import type { World } from './world.ts';

export async function giveSeals(world: World): Promise<void> {
  const { journey, data } = world;
  const applied = await journey.step('各单位申请电子印章 the bodies apply for seals', async () => {
    const ids: string[] = [];
    for (const { code, name } of data.bodies) {
      const keeper = await world.as(accountName(code, 'seal-keeper'));
      const body = { name: `${name}电子证照专用章（测试专用）`, reason: '电子证照签发用印' };
      const { json } = await keeper.post('/api/v1/seals', body);
      expect(json.state === 'applied', 'the seal is applied for');
      ids.push(String(json.sealId));
    }
    return ids;
  });
  await journey.step('数据局批准并制作印章 approved and made by the bureau', async () => {
    const officer = await world.as('bureau.officer');
    for (const id of applied) {
      const early = await officer.post(`/api/v1/seals/${id}/make`, {}, 409);
      expect(early.json.code === 'SEAL_MOVE_REFUSED', 'nothing is made that is not approved');
      await approveAndMake(officer, id);
    }
  });
}

async function approveAndMake(officer: Client, id: string): Promise<void> {
  await officer.post(`/api/v1/seals/${id}/approve`, { reason: '单位和用途属实' }, 200);
  const { json } = await officer.post(`/api/v1/seals/${id}/make`, {}, 200);
  expect(json.state === 'active', 'the seal is active');
}

/** A new seal takes the place of the body's present one. */
export async function renewSeal(world: World, bodyCode: string): Promise<void> {
  const keeper = await world.as(accountName(bodyCode, 'seal-keeper'));
  const former = await activeSeal(keeper);
  const { json } = await keeper.post(`/api/v1/seals/${former}/renew`, { reason: '更换密钥' });
  await approveAndMake(await world.as('bureau.officer'), String(json.sealId));
  expect((await activeSeal(keeper)) !== former, 'the former seal is superseded');
}

/** The keeper freezes the body's seal, something is tried, the bureau unfreezes it. */
export async function whileFrozen(
  world: World,
  bodyCode: string,
  attempt: (keeper: Client) => Promise<void>,
): Promise<void> {
  const keeper = await world.as(accountName(bodyCode, 'seal-keeper'));
  const officer = await world.as('bureau.officer');
  const id = await activeSeal(keeper);
  await keeper.post(`/api/v1/seals/${id}/freeze`, { reason: '介质待查' }, 200);
  await attempt(keeper);
  await keeper.post(`/api/v1/seals/${id}/unfreeze`, { reason: '已找到' }, 403);
  await officer.post(`/api/v1/seals/${id}/unfreeze`, { reason: '已核实' }, 200);
}

/** As many uses as there were, all of them ended well. */
export async function checkUses(world: World, bodyCode: string, count: number): Promise<void> {
  const keeper = await world.as(accountName(bodyCode, 'seal-keeper'));
  const { json } = await keeper.get(`/api/v1/seals/${await activeSeal(keeper)}/uses`);
  const done = json.items?.filter(({ outcome }) => outcome === 'done') ?? [];
  expect(json.items?.length === count && done.length === count, `uses of the seal: ${JSON.stringify(json.items)}`);
}

/** Keys that sealed with the body's present seal: SM2's first, then RSA's. */
export async function keysOfLastUse(world: World, bodyCode: string): Promise<readonly [sm2: string, rsa: string]> {
  const keeper = await world.as(accountName(bodyCode, 'seal-keeper'));
  const { json } = await keeper.get(`/api/v1/seals/${await activeSeal(keeper)}/uses`);
  const [sm2, rsa] = (json.items?.at(-1)?.keyIds ?? []) as readonly string[];
  if (!sm2 || !rsa) throw new Error(`a use without two keys: ${JSON.stringify(json.items)}`);
  return [sm2, rsa];
}

async function activeSeal(keeper: Client): Promise<string> {
  const { json } = await keeper.get('/api/v1/seals?state=active');
  return String(json.items?.[0]?.sealId);
}
