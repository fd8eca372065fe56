import { expect } from 'chai';
import type { Response } from 'supertest';
import { COMPANY, ENTRY } from '../../world/sample-entry.ts';
import { type Hand, openWeb, type Web } from './web.ts';

describe('a form of the fill page', () => {
  let web: Web;
  let clerk: Hand;
  const path = `/fill/${ENTRY.code}`;
  const newForm = async () => /name="formId" value="([0-9a-f-]{36})"/.exec((await clerk.get(path)).text)?.[1] ?? '';
  const send = async (values: Readonly<Record<string, string>>): Promise<Response> =>
    clerk
      .post(path)
      .type('form')
      .send({ 'holders.0.name': '样例建设有限公司', 'holders.0.type': 'legal', ...values });
  const filled = { 'holders.0.number': COMPANY, 'fields.projectName': '样例花园' };
  const count = () => web.house.db.rows.licences.count();

  before(async () => {
    web = await openWeb();
    clerk = await web.person('issuer.clerk');
  });

  after(() => web.close());

  it('makes one licence, also when its button is pressed twice at once or once more later', async () => {
    const formId = await newForm();
    const [first, second] = await Promise.all([send({ ...filled, formId }), send({ ...filled, formId })]);
    const third = await send({ ...filled, formId });
    expect([first.status, second.status, third.status]).to.deep.equal([201, 201, 201]);
    expect(first.text).to.include('已提交');
    expect(second.text).to.equal(first.text);
    expect(third.text).to.equal(first.text);
    expect(await count()).to.equal(1);
  });

  it('may be sent again when it had faults, and its next form makes the next licence', async () => {
    const before = await count();
    const formId = await newForm();
    expect((await send({ ...filled, 'holders.0.number': '1', formId })).status).to.equal(400);
    expect((await send({ ...filled, formId })).status).to.equal(201);
    expect((await send({ ...filled, formId: await newForm() })).status).to.equal(201);
    expect(await count()).to.equal(before + 2);
  });

  it('is put aside as a draft that is found again on the page, and is led to also over the sign-in', async () => {
    const closedAt = '2026-03-01T10:00:00+08:00';
    const formId = await newForm();
    const saved = await send({ 'fields.projectName': '写到一半', closedAt, formId, do: 'save-draft' });
    expect(saved.text).to.include('草稿已保存');
    const [, link = ''] = /href="(\?draft=\w+)">保存于/.exec((await clerk.get(path)).text) ?? [];
    const opened = (await clerk.get(path + link)).text;
    expect(opened).to.include('写到一半').and.include(`name="closedAt" value="${closedAt}"`);
    const login = (await web.nobody.get(path + link)).get('Location') ?? '';
    expect(login).to.equal(`/login?next=${encodeURIComponent(path + link)}`);
    expect((await web.nobody.get(login)).text).to.include(`value="${path + link}"`);
    for (const next of ['//evil.example', '/x?draft=1&y=2', '/x?next=//evil', '/x?draft=//evil'])
      expect((await web.nobody.get(`/login?next=${encodeURIComponent(next)}`)).text, next).to.not.include(next);
  });

  it('is shown again with all that was typed when it cannot be put aside', async () => {
    const typed = { 'fields.projectName': '打了很久的字', do: 'save-draft' };
    const { drafts } = web.house.db.rows;
    const row = (await drafts.findOne())?.get();
    if (!row) throw new Error('no draft');
    await drafts.bulkCreate(Array.from({ length: 200 }, (_, place) => ({ ...row, id: `D${place}` })));
    const full = await send({ ...typed, formId: await newForm() });
    expect([full.status, full.text.includes('打了很久的字')]).to.deep.equal([409, true]);
    expect(full.text).to.include('草稿过多');
  });

  it('stores nothing when it was filled in anew after it was answered, or has no id', async () => {
    const formId = await newForm();
    await send({ ...filled, formId });
    const before = await count();
    expect((await send({ ...filled, 'fields.projectName': '另一工程', formId })).status).to.equal(409);
    expect((await send(filled)).status).to.equal(400);
    expect(await count()).to.equal(before);
  });
});
