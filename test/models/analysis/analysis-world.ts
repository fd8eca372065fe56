/** A bureau, two consuming bodies with SM2 keys, and many licences in force; deliveries opened as their recipient opens them. */

import { Writable } from 'node:stream';
import { parse } from 'csv-parse/sync';
import type { z } from 'zod';
import { type analysisSchema, applyForAnalysis } from '../../../models/analysis/apply-for-analysis.ts';
import { decideAnalysis } from '../../../models/analysis/decide-analysis.ts';
import { downloadDelivery } from '../../../models/analysis/download-delivery.ts';
import type { Narrowing } from '../../../models/analysis/judge-grant.ts';
import { prepareStep } from '../../../models/analysis/prepare-analysis.ts';
import type { AnalysisTerms } from '../../../models/analysis/terms.ts';
import { indexHolderNumber } from '../../../models/holder/index-number.ts';
import type { Caller, House } from '../../../models/house.ts';
import type { LicenceColumns } from '../../../models/licence/rows.ts';
import { insertRows } from '../../../models/store/bulk-write.ts';
import { withTransaction } from '../../../models/store/with-transaction.ts';
import { openEnvelope, toPem } from '../../../signing/index.ts';
import { generateSoftwareKey, softwareKeyFromPkcs8 } from '../../../signing/keys/software-key.ts';
import { issueCertificate } from '../../../signing/x509/issue-certificate.ts';
import { readPackage } from '../../../signing/zip/read-package.ts';
import { bureauOfficer, CITIZEN, CONSUMER, ENTRY, ISSUER } from '../../world/sample-entry.ts';
import { callerWith } from '../../world/test-house.ts';

export const approver = callerWith(['consumer.approver'], CONSUMER, 'approver');
export const CODE = ENTRY.code;

export interface Recipient {
  readonly pkcs8: Uint8Array;
  readonly certificate: string;
}

/** A key and its certificate, for encryption or only for signing. */
export async function makeRecipient(now: Date, { signing = false } = {}): Promise<Recipient> {
  const pkcs8 = generateSoftwareKey('SM2');
  const signer = softwareKeyFromPkcs8(pkcs8);
  const certificate = await issueCertificate({
    subject: { organization: '测试专用', commonName: '接收' },
    publicKey: signer.publicKey,
    signer,
    serial: 7n,
    notBefore: now,
    notAfter: new Date(now.getTime() + 400 * 86_400_000),
    profile: signing ? 'signer' : 'encryption',
  });
  return { pkcs8, certificate: toPem('CERTIFICATE', certificate) };
}

export const TERMS: AnalysisTerms = {
  types: [
    {
      catalogueCode: CODE,
      common: ['identifier', 'licenceNumber', 'status', 'issuedOn', 'holderName', 'holderNumber'],
      fields: ['projectName', 'kind'],
      where: {},
    },
  ],
  filter: {},
  personal: 'masked',
  mostRows: 500,
  period: { from: '2026-03-02', to: '2026-03-20' },
  mostDownloads: 3,
};

export function application(recipient: Recipient, terms: Partial<AnalysisTerms> = {}): z.infer<typeof analysisSchema> {
  return {
    purpose: '全市在建工程安全风险分析',
    legalBasis: '安全生产法第六十五条',
    personalReason: '须按建设单位归集',
    responsible: { name: '王一', duty: '科长' },
    certificate: recipient.certificate,
    ...TERMS,
    ...terms,
  };
}

/** Applied for and granted. @returns its number */
export async function grant(
  house: House,
  recipient: Recipient,
  {
    terms = {},
    narrowed = {},
    by = approver,
  }: { terms?: Partial<AnalysisTerms>; narrowed?: Narrowing; by?: Caller } = {},
): Promise<string> {
  const { number } = await applyForAnalysis(house, by, application(recipient, terms));
  await decideAnalysis(house, bureauOfficer, number, { decision: 'granted', reason: '必要', narrowed });
  return number;
}

export async function prepare(house: House, number: string, portion = 17): Promise<void> {
  while (await prepareStep(house, number, portion));
}

export async function download(house: House, number: string, by: Caller = approver): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const to = new Writable({
    write(chunk: Buffer, _, done) {
      chunks.push(chunk);
      done();
    },
  });
  await (await downloadDelivery(house, by, number)).write(to);
  return Buffer.concat(chunks);
}

export interface OpenedDelivery {
  readonly manifest: { readonly files: readonly { name: string; rows: number; columns: { key: string }[] }[] };
  readonly headings: readonly string[];
  readonly rows: readonly Readonly<Record<string, string>>[];
  readonly names: readonly string[];
}

/** Of one type. */
export function openDelivery(bytes: Uint8Array, recipient: Recipient): OpenedDelivery {
  const { files } = readPackage(openEnvelope(bytes, recipient.pkcs8));
  const text = (name: string) => Buffer.from(files.get(name) ?? new Uint8Array()).toString('utf8');
  const [headings = [], ...lines] = parse(text(`${CODE}.csv`), { bom: true }) as string[][];
  const rows = lines.map((cells) => Object.fromEntries(cells.map((cell, at) => [headings[at] ?? '', cell])));
  const manifest = JSON.parse(text('manifest.json')) as OpenedDelivery['manifest'];
  return { manifest, headings, rows, names: [...files.keys()] };
}

/** Issued licences with holders, alike but for what a filter looks at. */
export async function storeLicences(house: House, count: number, from = 0): Promise<LicenceColumns[]> {
  const { rows } = house.db;
  const at = house.clock();
  const made = Array.from({ length: count }, (_, index) => licence(house, from + index, at));
  const holder = {
    id: `HOLDER${from}`,
    type: 'natural' as const,
    name: '欧阳三',
    numberType: '111',
    numberCipher: house.cipher.encrypt('holders.number', CITIZEN),
    numberIndex: indexHolderNumber(house, CITIZEN),
    createdAt: at,
  };
  await withTransaction(house.db, async (tx) => {
    await insertRows(house.db, tx, rows.licences, made);
    if (from === 0) await insertRows(house.db, tx, rows.holders, [holder]);
    const links = made.map(({ id }) => ({
      id: `${id}:0`,
      licenceId: id,
      holderId: 'HOLDER0',
      name: '欧阳三',
      position: 0,
    }));
    await insertRows(house.db, tx, rows.licenceHolders, links);
  });
  return made;
}

function licence(house: House, n: number, at: Date): LicenceColumns {
  const id = house.newId();
  return {
    id,
    catalogueCode: CODE,
    catalogueVersion: 1,
    issuingBody: ISSUER,
    state: n % 11 === 10 ? 'reviewed' : 'issued',
    status: n % 5 === 4 ? 'revoked' : 'valid',
    licenceNumber: `N${n}`,
    numberKey: `${CODE}:N${n}`,
    identifier: `ID-${id}`,
    verificationCode: id,
    fields: {
      licenceNumber: `N${n}`,
      projectName: n % 7 === 0 ? `=HYPERLINK(${n})` : `工程${n}`,
      ...(n % 2 ? { kind: 'fj' } : {}),
    },
    validFrom: n % 13 === 12 ? '2026-09-01' : '2026-01-01',
    validTo: n % 6 === 5 ? '2026-02-01' : '2031-01-01',
    issuedOn: `2026-0${1 + (n % 2)}-1${n % 9}`,
    closedAt: null,
    caseNumber: null,
    commitment: false,
    source: 'api',
    sourceKey: null,
    stock: null,
    contentDigest: '0',
    sequence: 1,
    turnsOn: null,
    predecessorId: null,
    formerId: null,
    successionAct: null,
    successionBasis: null,
    successionReason: null,
    createdAt: at,
    createdBy: 'clerk',
    updatedAt: at,
  };
}
