/** Online generation: fill in, submit, review, seal, result; and what must not happen without review. */
import { accountName } from './account-name.ts';
import type { Json } from './client.ts';
import type { DemoEntry } from './read-demo-entries.ts';
import { checkUses, whileFrozen } from './seal-life.ts';
import { expect } from './step.ts';
import type { World } from './world.ts';

/** Entries whose departments push through front-end machines instead. */
export const PUSHED = new Set(['business-licence', 'food-business-permit', 'road-transport-permit']);

export async function saveCatalogue(world: World): Promise<void> {
  await world.journey.step('登记十二种证照目录 the twelve catalogue entries', async () => {
    for (const { definition } of world.data.entries) {
      const clerk = await world.as(accountName(definition.issuingBody, 'clerk'));
      await clerk.post('/api/v1/catalogue', definition);
      const { json } = await clerk.get(`/api/v1/catalogue/${definition.code}/form`);
      const { title } = json.schema as { readonly title?: unknown };
      expect(title === definition.name, 'the fill page has the entry’s name');
    }
  });
}

export async function issueOnline(world: World): Promise<void> {
  const entries = world.data.entries.filter((entry) => !PUSHED.has(entry.name));
  const [first, ...rest] = entries;
  if (first) await issueAfterThaw(world, first);
  for (const entry of rest) {
    if (entry.definition.registryComparison) await refuseDiffering(world, entry);
    await world.journey.step(`在线办理 ${entry.definition.name}`, async () => {
      noteIssued(world, await sealOne(world, entry, await prepareOne(world, entry)));
    });
  }
}

/** The seal of its body is frozen between review and sealing. */
async function issueAfterThaw(world: World, entry: DemoEntry): Promise<void> {
  const { name, issuingBody } = entry.definition;
  const id = await world.journey.step(`在线办理 ${name}（至审核通过）`, () => prepareOne(world, entry));
  await world.journey.step('印章冻结期间用印被拒 nothing is sealed while the seal is frozen', async () => {
    await whileFrozen(world, issuingBody, async (keeper) => {
      const refused = await keeper.post(`/api/v1/licences/${id}/seal`, {}, 409);
      expect(refused.json.code === 'SEAL_FROZEN', 'a frozen seal seals nothing');
    });
  });
  await world.journey.step(`解冻后签章 ${name}`, async () => {
    noteIssued(world, await sealOne(world, entry, id));
    await checkUses(world, issuingBody, 1);
  });
}

function submissionOf(entry: DemoEntry, caseNumber: string) {
  const { code, commitment } = entry.definition;
  return { catalogueCode: code, ...entry.sample, caseNumber, ...(commitment ? { commitment: true } : {}) };
}

/** Submitted and reviewed; its id. */
export async function prepareOne(world: World, entry: DemoEntry): Promise<string> {
  const { issuingBody, code } = entry.definition;
  const clerk = await world.as(accountName(issuingBody, 'clerk'));
  const caseNumber = `AJ-${entry.name}`;
  await clerk.post('/api/v1/cases', {
    caseNumber,
    catalogueCode: code,
    mode: 'online',
    closedAt: new Date().toISOString(),
  });
  const { json } = await clerk.post('/api/v1/licences', submissionOf(entry, caseNumber));
  const id = String(json.licenceId);
  const keeper = await world.as(accountName(issuingBody, 'seal-keeper'));
  const refused = await keeper.post(`/api/v1/licences/${id}/seal`, {}, 409);
  expect(refused.json.code === 'NOT_REVIEWED', 'nothing is sealed before review');
  const reviewer = await world.as(accountName(issuingBody, 'reviewer'));
  await reviewer.post(`/api/v1/licences/${id}/review`, { decision: 'approved', reason: '材料齐全' }, 200);
  return id;
}

/** A holder who is called otherwise in the population registry: nothing is sealed, and the differing field is named. */
async function refuseDiffering(world: World, entry: DemoEntry): Promise<void> {
  await world.journey.step('持证主体与人口库不一致，不得签章 nothing is sealed for a holder who differs', async () => {
    const [holder, ...others] = entry.sample.holders;
    if (!holder) return;
    const fields = Object.fromEntries(Object.entries(entry.sample.fields).filter(([key]) => key !== 'licenceNumber'));
    const sample = { ...entry.sample, fields, holders: [{ ...holder, name: '欧阳样例' }, ...others] };
    const id = await prepareOne(world, { ...entry, name: `${entry.name}-2`, sample });
    const keeper = await world.as(accountName(entry.definition.issuingBody, 'seal-keeper'));
    const { json } = await keeper.post(`/api/v1/licences/${id}/seal`, {}, 409);
    const [error] = json.errors as readonly { readonly pointer: string }[];
    expect(json.code === 'REGISTRY_MISMATCH', 'the registry stops the issue');
    expect(error?.pointer === '/holders/0/name', 'the differing field is named');
    const reviewer = await world.as(accountName(entry.definition.issuingBody, 'reviewer'));
    const reason = '持证主体姓名与人口库不一致';
    await reviewer.post(`/api/v1/licences/${id}/review`, { decision: 'returned', reason }, 200);
  });
}

/** The licence as it was answered. */
export async function sealOne(world: World, entry: DemoEntry, id: string): Promise<Json> {
  const keeper = await world.as(accountName(entry.definition.issuingBody, 'seal-keeper'));
  const sealed = await keeper.post(`/api/v1/licences/${id}/seal`, {}, 200);
  if (entry.definition.registryComparison) {
    const compared = sealed.json.registryComparisons as readonly { readonly outcome: string }[];
    const all = compared.length === entry.sample.holders.length && compared.every(({ outcome }) => outcome === 'match');
    expect(all, 'every holder was found to match its registry');
  }
  expect(sealed.json.state === 'issued' && sealed.json.status === 'valid', 'the licence is issued and valid');
  return sealed.json;
}

export function noteIssued(world: World, licence: Readonly<Record<string, unknown>>): void {
  const catalogueCode = String(licence.catalogueCode);
  world.issued.set(catalogueCode, {
    licenceId: String(licence.licenceId),
    identifier: String(licence.identifier),
    catalogueCode,
    issuingBody: String(licence.issuingBody),
    verificationCode: String(licence.verificationCode),
  });
}

/** A submission with several faults is refused whole, each fault named with its place. */
export async function refuseFaulty(world: World): Promise<void> {
  await world.journey.step('有错的提交被整份退回 a faulty submission is refused whole', async () => {
    const [entry] = world.data.entries;
    if (!entry) return;
    const clerk = await world.as(accountName(entry.definition.issuingBody, 'clerk'));
    const holders = [{ name: '样例公司', type: 'legal', number: '91419901MA0A10052X' }];
    const body = { catalogueCode: entry.definition.code, holders, fields: { nosuch: '1' }, validFrom: '2026-02-30' };
    const { json } = await clerk.post('/api/v1/licences', body, 400);
    const errors = json.errors as readonly { readonly pointer: string }[];
    const pointers = new Set(errors.map(({ pointer }) => pointer));
    for (const pointer of ['/holders/0/number', '/fields/nosuch', '/validFrom'])
      expect(pointers.has(pointer), `no fault at ${pointer}`);
  });
}
