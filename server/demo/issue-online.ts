/** Online generation: fill in, submit, review, seal, result; and what must not happen without review. */
import { accountName } from './found-bodies.ts';
import type { DemoEntry } from './read-demo-entries.ts';
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
      expect(json.title === definition.name, 'the fill page has the entry’s name');
    }
  });
}

export async function issueOnline(world: World): Promise<void> {
  const entries = world.data.entries.filter((entry) => !PUSHED.has(entry.name));
  for (const entry of entries) {
    await world.journey.step(`在线办理 ${entry.definition.name}`, async () => {
      await issueOne(world, entry);
    });
  }
}

function submissionOf(entry: DemoEntry, caseNumber: string) {
  const { code, commitment } = entry.definition;
  return { catalogueCode: code, ...entry.sample, caseNumber, ...(commitment ? { commitment: true } : {}) };
}

async function issueOne(world: World, entry: DemoEntry): Promise<void> {
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
  const sealed = await keeper.post(`/api/v1/licences/${id}/seal`, {}, 200);
  expect(sealed.json.state === 'issued' && sealed.json.status === 'valid', 'the licence is issued and valid');
  noteIssued(world, sealed.json);
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
