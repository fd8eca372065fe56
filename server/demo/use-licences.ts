/** A consuming department looks up, previews, verifies and copies within one case; the holder downloads the original; the
 *  public checks a code. */
import { accountName } from './account-name.ts';
import { addUser, consumerSystem } from './found-bodies.ts';
import { expect } from './step.ts';
import { MATTER, type World } from './world.ts';

/** The licence whose holder the case is about. */
const STORY = '建筑工程施工许可证';
const CASE = 'LHYS-2026-0001';

export async function useLicences(world: World): Promise<void> {
  const { journey } = world;
  const entry = world.data.entries.find(({ definition }) => definition.name === STORY);
  const licence = world.issued.get(entry?.definition.code ?? '');
  const [holder] = entry?.sample.holders ?? [];
  if (!licence || !holder) throw new Error(`no licence ${STORY}`);
  const { identifier } = licence;
  const system = await consumerSystem(world);
  const useCode = await journey.step('应用单位申请用证码 a use code', async () => {
    const { type, number } = holder;
    const purpose = '办理联合验收';
    const { json } = await system.post('/api/v1/uses', {
      case: CASE,
      matter: MATTER.code,
      purpose,
      holder: { type, number },
    });
    return String(json.useCode);
  });
  await journey.step('查询、预览、状态、比对 list, preview, status, compare', async () => {
    const list = await system.post('/api/v1/sharing/list', { useCode }, 200);
    expect(Boolean(list.json.items?.some((item) => item.identifier === identifier)), 'the list holds the licence');
    const preview = await system.post('/api/v1/sharing/preview', { useCode, identifier }, 200);
    expect(Buffer.from(preview.bytes.subarray(1, 4)).toString() === 'PNG', 'the preview is a picture');
    const status = await system.post('/api/v1/sharing/status', { useCode, identifier }, 200);
    expect(status.json.status === 'valid', 'the licence is valid');
    const compared = await system.post(
      '/api/v1/sharing/compare',
      { useCode, identifier, fields: { holderName: holder.name } },
      200,
    );
    expect((compared.json.fields as Record<string, string>).holderName === 'same', 'the holder’s name agrees');
  });
  await journey.step('范围之外查不到 nothing beyond the case', async () => {
    const foreign = world.data.entries.filter(({ sample }) =>
      sample.holders.every(({ number }) => number !== holder.number),
    );
    const other = foreign
      .map(({ definition }) => world.issued.get(definition.code))
      .find((issued) => issued !== undefined);
    if (!other) throw new Error('no licence of another holder');
    await system.post('/api/v1/sharing/status', { useCode, identifier: other.identifier }, 404);
  });
  await journey.step('下载副本并验证 a marked copy, verified', async () => {
    const copy = await system.post('/api/v1/sharing/copy', { useCode, identifier }, 200);
    const { json } = await system.upload('/api/v1/verifications', copy.bytes);
    expect(json.valid === true, `the copy verifies: ${JSON.stringify(json.checks)}`);
  });
  await journey.step('公众扫码查验 the public check page', async () => {
    const page = await fetch(`${world.base}/v/${licence.verificationCode}?i=${identifier}`);
    const html = await page.text();
    expect(
      page.status === 200 && html.includes(STORY) && !html.includes(holder.number),
      'the page tells the licence and no number',
    );
  });
  await journey.step('持证人下载签章原件 the holder downloads the original', async () => {
    const clerk = await world.as(accountName(licence.issuingBody, 'clerk'));
    const { json } = await clerk.get(`/api/v1/licences/${licence.licenceId}`);
    const [held] = json.holders as readonly { readonly holderId?: string }[];
    await addUser(world, 'holder', '持证人', undefined, 'holder', held?.holderId);
    const person = await world.as('holder');
    const mine = await person.get('/api/v1/my/licences');
    expect(Boolean(mine.json.items?.some((item) => item.identifier === identifier)), 'the holder sees the licence');
    const file = await person.get(`/api/v1/licences/${licence.licenceId}/files/ofd`);
    expect(Buffer.from(file.bytes.subarray(0, 2)).toString() === 'PK', 'the original is an OFD');
  });
  await journey.step('公众上传文件查验（不用账号） anybody has a file judged', async () => {
    const clerk = await world.as(accountName(licence.issuingBody, 'clerk'));
    for (const format of ['ofd', 'pdf']) {
      const { bytes } = await clerk.get(`/api/v1/licences/${licence.licenceId}/files/${format}`);
      const form = new FormData();
      form.append('file', new Blob([new Uint8Array(bytes)]), `licence.${format}`);
      const page = await fetch(`${world.base}/verify`, { method: 'POST', body: form });
      const html = await page.text();
      expect(page.status === 200 && html.includes('class="verdict valid"'), `the ${format} is valid`);
      expect(/证明 proven 20\d\d-/.test(html) && !html.includes('proven —'), `the time of the ${format} is proven`);
    }
  });
  await journey.step('提出异议，五个工作日时限 an objection and its clock', async () => {
    const person = await world.as('holder');
    const text = '建设规模与批复不一致，请核实。';
    const { json } = await person.post('/api/v1/objections', { identifier, category: 'face-data', text });
    expect(String(json.dueAt) > new Date().toISOString(), 'the objection has a due time');
    const supervisor = await world.as('bureau.supervisor');
    await supervisor.get('/api/v1/deadlines/overdue');
    world.journey.made.objection = json.number;
  });
  await journey.step('答复前显示有异议，答复后消除 disputed until it is answered', async () => {
    const isDisputed = async () => {
      const { json } = await system.post('/api/v1/sharing/status', { useCode, identifier }, 200);
      return json.disputed;
    };
    expect((await isDisputed()) === true, 'the consumer is told that the licence is in dispute');
    const reviewer = await world.as(accountName(licence.issuingBody, 'reviewer'));
    const path = `/api/v1/objections/${String(world.journey.made.objection)}/answer`;
    await reviewer.post(path, { outcome: 'rejected', answer: '经核对批复文件，建设规模一致。' }, 200);
    expect((await isDisputed()) === false, 'the dispute is over');
  });
}
