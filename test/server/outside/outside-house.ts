/** A house as the server opens it, in production, whose keys and seal lie at the signing service of a real trust process:
 *  the body’s two keys, the repository’s two, and the seal that was made there. Somebody stands between them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listServiceKeys } from '../../../exchange/index.ts';
import { saveEntry } from '../../../models/catalogue/save-entry.ts';
import type { House } from '../../../models/house.ts';
import { silentLog } from '../../../models/kernel/log.ts';
import { saveOrganisation } from '../../../models/organisation/save-organisation.ts';
import { acceptSealMaker, registerRemoteKey, registerSeal } from '../../../models/seal/index.ts';
import { makeApp } from '../../../server/http/app.ts';
import { openHouse } from '../../../server/open-house.ts';
import { keyServiceOf } from '../../../server/settings/key-service-of.ts';
import { readSettings, type Settings } from '../../../server/settings/settings.ts';
import { startTrustProcess } from '../../exchange/trust-process.ts';
import { giveApproval, officer } from '../../world/give-seal.ts';
import { clerk, ENTRY, ISSUER, systemAdmin } from '../../world/sample-entry.ts';
import { temporaryFolder } from '../../world/temporary-folder.ts';
import { callerWith } from '../../world/test-house.ts';
import { addUser, type Hand, signIn, type Web } from '../http/web.ts';
import { type Meddler, openMeddler } from './meddler.ts';

/** What the sandbox’s signing service calls its own. */
const KEYS = { SM2: 'city-sm2', RSA: 'city-rsa' } as const;
const ES_ID = '41990000008461';
const BODY = '集中签章服务';

export interface OutsideHouse extends Pick<Web, 'person'> {
  readonly house: House;
  readonly meddler: Meddler;
  /** Of the roots, and no more: what a stranger trusts. */
  readonly trustDir: string;
  readonly folder: string;
  readonly sealId: string;
  readonly keyIds: Readonly<Record<'SM2' | 'RSA' | 'repository', string>>;
  close(): Promise<void>;
}

export interface OutsideWishes {
  /** What presses the seal: its key at the service, or the service itself. */
  readonly pressedBy: 'key' | 'service';
  readonly pdfSignatures?: Settings['pdfSignatures'];
  readonly timeStamps?: boolean;
}

export async function openOutsideHouse(wishes: OutsideWishes): Promise<OutsideHouse> {
  const folder = temporaryFolder();
  const closing: (() => unknown)[] = [() => folder.remove()];
  const close = async () => {
    for (const act of closing.reverse()) await act();
  };
  try {
    return { ...(await openWithin(folder.path, wishes, closing)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openWithin(
  folder: string,
  wishes: OutsideWishes,
  closing: (() => unknown)[],
): Promise<Omit<OutsideHouse, 'close'>> {
  const dataDir = join(folder, 'trust');
  const trust = await startTrustProcess(dataDir);
  closing.push(() => trust.stop());
  const meddler = await openMeddler(trust.urls.url);
  closing.push(() => meddler.close());
  const stamps = { ZHENGKU_TSA_SM2_URL: `${meddler.url}/tsa/sm2`, ZHENGKU_TSA_RSA_URL: `${meddler.url}/tsa/rsa` };
  const settings = readSettings({
    ZHENGKU_MODE: 'production',
    ZHENGKU_PUBLIC_URL: 'https://zz.example',
    ZHENGKU_MASTER_KEY: Buffer.alloc(32, 7).toString('base64'),
    ZHENGKU_DATA_DIR: join(folder, 'city'),
    ZHENGKU_TRUST_DIR: trust.urls.trustDir,
    ZHENGKU_KEY_SERVICE_URL: meddler.url,
    ZHENGKU_KEY_SERVICE_TOKEN_FILE: trust.urls.keyServiceTokenFile,
    ZHENGKU_PDF_SIGNATURES: wishes.pdfSignatures ?? 'rsa',
    ZHENGKU_SEALING_THREADS: '1',
    ...(wishes.timeStamps ? stamps : {}),
  });
  const { house, close } = await openHouse(settings, silentLog);
  closing.push(close);
  const furnished = await furnishOutside(house, settings, dataDir, wishes.pressedBy);
  return { house, meddler, trustDir: trust.urls.trustDir, folder, ...furnished, person: peopleOf(house) };
}

async function furnishOutside(
  house: House,
  settings: Settings,
  dataDir: string,
  pressedBy: OutsideWishes['pressedBy'],
) {
  const persons = [{ name: '王一', duty: '经办' }];
  const body = { code: ISSUER, name: BODY, isIssuer: true, isConsumer: false, level: 'city' } as const;
  await saveOrganisation(house, systemAdmin, { ...body, responsibleBody: '办公室', persons });
  await saveEntry(house, clerk, { ...ENTRY, inForceFrom: '2020-01-01' });
  const keyIds = await registerKeys(house, settings);
  const base64 = (file: string) => readFileSync(join(dataDir, file)).toString('base64');
  const certificate = readFileSync(join(dataDir, 'authority', 'sm2-seal-maker.pem'), 'latin1');
  await acceptSealMaker(house, officer, { certificate, reason: '省级制章平台' });
  const sealId = await giveApproval(house, ISSUER, `${BODY}电子证照专用章`);
  const chain = readFileSync(join(dataDir, 'signing-service', 'keys', `${KEYS.SM2}.pem`), 'latin1');
  await registerSeal(house, officer, sealId, {
    eseal: base64(join('signing-service', 'seals', `${ES_ID}.esl`)),
    certificates: chain.split(/(?<=-----END CERTIFICATE-----\n)/).filter(Boolean),
    rsaKeyId: keyIds.RSA,
    ...(pressedBy === 'key' ? { sm2KeyId: keyIds.SM2 } : { service: 'city-seal-service' }),
  });
  return { sealId, keyIds };
}

async function registerKeys(house: House, settings: Settings): Promise<OutsideHouse['keyIds']> {
  const security = callerWith(['admin.security']);
  const line = keyServiceOf(settings, () => house);
  const listed = line ? await listServiceKeys(line) : [];
  const register = async (algorithm: 'SM2' | 'RSA', organisationCode: string | null): Promise<string> => {
    const found = listed.find(({ keyId }) => keyId === KEYS[algorithm]);
    const { keyId } = await registerRemoteKey(house, security, {
      ...{ purpose: organisationCode ? 'signer' : 'repository', organisationCode, maxUses: null, notAfterUse: null },
      ...{ remoteKeyId: KEYS[algorithm], algorithm, certificates: [...(found?.certificates ?? [])] },
    });
    return keyId;
  };
  const SM2 = await register('SM2', ISSUER);
  const RSA = await register('RSA', ISSUER);
  const repository = await register('SM2', null);
  await register('RSA', null);
  return { SM2, RSA, repository };
}

function peopleOf(house: House): Web['person'] {
  const app = makeApp(house, { ratePerMinute: 1_000_000, accountsFile: '/nowhere/accounts.json' });
  const people = new Map<string, Hand>();
  return async (role) => {
    const known = people.get(role);
    if (known) return known;
    await addUser(house, {
      loginName: role,
      roles: [role],
      ...(role.startsWith('issuer.') ? { organisationCode: ISSUER } : {}),
    });
    const hand = await signIn(app, role);
    people.set(role, hand);
    return hand;
  };
}
