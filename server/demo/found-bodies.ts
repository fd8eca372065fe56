/** Bodies with their responsible persons, the people who work in them, a consuming department and its matter. */
import { randomBytes } from 'node:crypto';
import { accountName, ISSUER_ROLES } from './account-name.ts';
import { Client } from './client.ts';
import { giveSeals } from './seal-life.ts';
import { CONSUMER, MATTER, type World } from './world.ts';

/** Meets the rules for passwords: three kinds of characters, 20 of them. */
export const newPassword = () => `Zk-${randomBytes(9).toString('base64url')}7a`;

export async function foundBodies(world: World): Promise<void> {
  const { journey, data } = world;
  await journey.step('建立管理员账号 administrators', async () => {
    const [first] = world.accounts;
    if (first) world.accounts[0] = { ...first, ...(await addCredentials(world, first.role, first.name)) };
    await addUser(world, 'admin.system', '系统管理员');
    await addUser(world, 'admin.audit', '审计管理员');
    await addUser(world, 'auditor', '审计员');
    await addUser(world, 'bureau.officer', '大数据局经办');
    await addUser(world, 'bureau.supervisor', '大数据局监管');
  });
  await journey.step('登记单位与责任人 bodies and those responsible', async () => {
    const admin = await world.as('admin.system');
    for (const body of [...data.bodies, { ...CONSUMER, level: 'city' }]) {
      const isConsumer = body.code === CONSUMER.code;
      const persons = [{ name: '李责', duty: '电子证照负责人', phone: '0371-00000000' }];
      await admin.post('/api/v1/organisations', {
        ...body,
        isIssuer: !isConsumer,
        isConsumer,
        responsibleBody: '政务服务处',
        persons,
      });
    }
  });
  await journey.step('各单位经办、审核、用印人员 clerks, reviewers, seal keepers', async () => {
    for (const body of data.bodies) {
      for (const role of ISSUER_ROLES)
        await addUser(world, `issuer.${role}`, `${body.name} ${role}`, body.code, accountName(body.code, role));
    }
    await addUser(world, 'consumer.window', '窗口人员', CONSUMER.code);
    await addUser(world, 'consumer.approver', '审批人员', CONSUMER.code);
    await addApplication(world);
  });
  await giveSeals(world);
}

export async function openMatter(world: World): Promise<void> {
  await world.journey.step('登记事项 the matter of the consuming department', async () => {
    const officer = await world.as('bureau.officer');
    const catalogueCodes = world.data.entries.map((entry) => entry.definition.code);
    await officer.post('/api/v1/matters', { ...MATTER, organisationCode: CONSUMER.code, catalogueCodes });
  });
}

export async function addUser(
  world: World,
  role: string,
  displayName: string,
  organisationCode?: string,
  name = role,
  holderId?: string,
): Promise<void> {
  const security = await world.as('admin.security');
  const password = newPassword();
  const body = { loginName: name, displayName, password, roles: [role] };
  await security.post('/api/v1/users', {
    ...body,
    ...(organisationCode ? { organisationCode } : {}),
    ...(holderId ? { holderId } : {}),
  });
  world.accounts.push({ role, name, password, ...(await addCredentials(world, role, name)) });
}

/** Credentials with which a script acts in the person's name. */
async function addCredentials(world: World, role: string, loginName: string) {
  const security = await world.as('admin.security');
  const { json } = await security.post('/api/v1/applications', {
    name: `${loginName} 的脚本`,
    loginName,
    scopes: [role],
  });
  return { clientId: String(json.clientId), secret: String(json.clientSecret) };
}

async function addApplication(world: World): Promise<void> {
  const security = await world.as('admin.security');
  const name = '联合验收系统';
  const { json } = await security.post('/api/v1/applications', {
    name,
    organisationCode: CONSUMER.code,
    scopes: ['consumer.window'],
  });
  world.accounts.push({
    role: 'consumer.window',
    name,
    clientId: String(json.clientId),
    secret: String(json.clientSecret),
  });
}

export async function consumerSystem(world: World): Promise<Client> {
  const account = world.accounts.find(({ clientId, password }) => clientId && !password);
  return Client.system(world.base, account?.clientId ?? '', account?.secret ?? '');
}
