/** What the sandbox's signing service keeps, as files: keys with their certificates, seals, its token and the public keys
 *  of clients who sign their requests. Made at the first start. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import {
  digestSignerOf,
  drawSealPicture,
  fromPemOrDer,
  isListedSigner,
  type KeyAlgorithm,
  makeDevelopmentMember,
  makeSeal,
  openFontBook,
  parseSeal,
  softwareKeyFromPkcs8,
  toPem,
} from '../../../signing/index.ts';
import { newSerial, type TrustServices } from './services.ts';

export interface ServiceKey {
  readonly keyId: string;
  readonly algorithm: KeyAlgorithm;
  readonly pkcs8: Uint8Array;
  /** DER, the key's own first. */
  readonly certificates: readonly Uint8Array[];
  readonly signDigest: (digest: Uint8Array) => Uint8Array;
}

export interface ServiceSeal {
  readonly esId: string;
  readonly eseal: Uint8Array;
  readonly key: ServiceKey;
}

export interface SigningStore {
  readonly keys: ReadonlyMap<string, ServiceKey>;
  readonly seals: ReadonlyMap<string, ServiceSeal>;
  /** Whoever has it may use every key. */
  readonly token: string;
  /** SubjectPublicKeyInfo (SM2) of clients who sign their requests. */
  readonly clients: readonly Uint8Array[];
}

const OWNER_ONLY = 0o600;
const KEY_NAMES: Readonly<Record<KeyAlgorithm, string>> = { SM2: 'city-sm2', RSA: 'city-rsa' };
const SEAL_YEARS = 5;
const ES_ID = '41990000008461';

/** Where everything of the service lies. */
export function signingFolder({ dataDir }: Pick<TrustServices, 'dataDir'>): string {
  return path.join(dataDir, 'signing-service');
}

export async function openSigningStore(services: TrustServices, fontDir: string): Promise<SigningStore> {
  const folder = signingFolder(services);
  if (!existsSync(folder)) await provision(services, folder, fontDir);
  const keys = new Map(namesOf(path.join(folder, 'keys'), '.key.pem').map((keyId) => [keyId, readKey(folder, keyId)]));
  const seals = namesOf(path.join(folder, 'seals'), '.esl').map(
    (esId) => [esId, readSeal(folder, esId, keys)] as const,
  );
  const clients = namesOf(path.join(folder, 'clients'), '.pem').flatMap((name) =>
    fromPemOrDer(readFileSync(path.join(folder, 'clients', `${name}.pem`)), 'PUBLIC KEY'),
  );
  return { keys, seals: new Map(seals), token: readFileSync(path.join(folder, 'token'), 'utf8').trim(), clients };
}

function namesOf(folder: string, ending: string): string[] {
  const names = readdirSync(folder).filter((name) => name.endsWith(ending));
  return names.map((name) => name.slice(0, -ending.length));
}

function readKey(folder: string, keyId: string): ServiceKey {
  const read = (name: string, label: string) => fromPemOrDer(readFileSync(path.join(folder, 'keys', name)), label);
  const [pkcs8 = new Uint8Array()] = read(`${keyId}.key.pem`, 'PRIVATE KEY');
  const { algorithm } = softwareKeyFromPkcs8(pkcs8);
  const certificates = read(`${keyId}.pem`, 'CERTIFICATE');
  return { keyId, algorithm, pkcs8, certificates, signDigest: digestSignerOf(pkcs8) };
}

function readSeal(folder: string, esId: string, keys: ReadonlyMap<string, ServiceKey>): ServiceSeal {
  const eseal = new Uint8Array(readFileSync(path.join(folder, 'seals', `${esId}.esl`)));
  const seal = parseSeal(eseal);
  const key = [...keys.values()].find(({ certificates: [own] }) => own !== undefined && isListedSigner(seal, own));
  if (key === undefined) throw new Error(`no key here may press the seal ${esId}`);
  return { esId, eseal, key };
}

async function provision(services: TrustServices, folder: string, fontDir: string): Promise<void> {
  const { authority, clock, random } = services;
  for (const name of ['keys', 'seals', 'clients']) mkdirSync(path.join(folder, name), { recursive: true });
  const own: Partial<Record<KeyAlgorithm, Uint8Array>> = {};
  for (const algorithm of ['SM2', 'RSA'] as const) {
    const { issuing, root } = authority[algorithm === 'SM2' ? 'sm2' : 'rsa'];
    const member = await makeDevelopmentMember({
      ...{ algorithm, issuer: issuing, now: clock(), years: SEAL_YEARS, newSerial: () => newSerial(random) },
      ...{ profile: 'signer', commonName: '集中签章服务' },
    });
    own[algorithm] = member.certificate;
    const chain = [member, issuing, root].map(({ certificate }) => toPem('CERTIFICATE', certificate)).join('');
    const base = path.join(folder, 'keys', KEY_NAMES[algorithm]);
    writeFileSync(`${base}.key.pem`, toPem('PRIVATE KEY', member.pkcs8), { mode: OWNER_ONLY });
    writeFileSync(`${base}.pem`, chain);
  }
  const eseal = await makeServiceSeal(services, own.SM2 ?? new Uint8Array(), fontDir);
  writeFileSync(path.join(folder, 'seals', `${ES_ID}.esl`), eseal);
  writeFileSync(path.join(folder, 'token'), Buffer.from(random(32)).toString('base64url'), { mode: OWNER_ONLY });
}

function makeServiceSeal(
  { authority, clock }: TrustServices,
  certificate: Uint8Array,
  fontDir: string,
): Promise<Uint8Array> {
  const now = clock();
  const validTo = new Date(now);
  validTo.setUTCFullYear(now.getUTCFullYear() + SEAL_YEARS);
  const words = { name: '集中签章服务', purpose: '电子证照专用章', note: '测试专用', code: ES_ID };
  const { sealMaker } = authority.sm2;
  return makeSeal({
    ...{ vendor: 'Zhengku', esId: ES_ID, name: '集中签章服务电子证照专用章', type: 1 },
    ...{ certificates: [certificate], createdAt: now, validFrom: now, validTo },
    picture: { type: 'png', data: drawSealPicture(words, openFontBook(fontDir)), widthMm: 42, heightMm: 42 },
    maker: { key: softwareKeyFromPkcs8(sealMaker.pkcs8), certificate: sealMaker.certificate },
  });
}
