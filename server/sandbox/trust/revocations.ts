/** Which certificates of the development authority are revoked, as a file that a person can read and the program writes:
 *  one JSON object a line. Lists are issued from it afresh. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import {
  CRL_REASONS,
  type DevelopmentAuthority,
  type DevelopmentMember,
  isSelfSigned,
  issueCrl,
  type ListName,
  parseCertificate,
  softwareKeyFromPkcs8,
} from '../../../signing/index.ts';
import type { TrustServices } from './services.ts';

export type ReasonName = keyof typeof CRL_REASONS;

const lineSchema = z.object({
  list: z.enum(['root-sm2', 'issuing-sm2', 'root-rsa', 'issuing-rsa']),
  serial: z.string().regex(/^[0-9a-f]+$/),
  revokedAt: z.iso.datetime(),
  reason: z.enum(Object.keys(CRL_REASONS) as [ReasonName, ...ReasonName[]]),
  invalidSince: z.iso.datetime().optional(),
});
type Line = z.infer<typeof lineSchema>;

const LIST_DAYS = 7;
const DAY_MS = 86_400_000;

const fileOf = ({ dataDir }: Pick<TrustServices, 'dataDir'>) => path.join(dataDir, 'revoked.jsonl');

export function issuersOf({ sm2, rsa }: DevelopmentAuthority): Readonly<Record<ListName, DevelopmentMember>> {
  return { 'root-sm2': sm2.root, 'issuing-sm2': sm2.issuing, 'root-rsa': rsa.root, 'issuing-rsa': rsa.issuing };
}

function readLines(services: Pick<TrustServices, 'dataDir'>): Line[] {
  const file = fileOf(services);
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => lineSchema.parse(JSON.parse(line)));
}

export interface RevocationOrder {
  /** DER. */
  readonly certificate: Uint8Array;
  readonly reason: ReasonName;
  readonly invalidSince?: Date;
}

/** Revoke from now on. False when the certificate is not of this authority, its root, or revoked already. */
export function revokeMember(
  services: Pick<TrustServices, 'authority' | 'clock' | 'dataDir'>,
  { certificate, reason, invalidSince }: RevocationOrder,
): boolean {
  const parsed = parseCertificate(certificate);
  const issuers = Object.entries(issuersOf(services.authority)) as [ListName, DevelopmentMember][];
  const [list] =
    issuers.find(([, issuer]) => {
      const { subjectDer, publicKey } = parseCertificate(issuer.certificate);
      const named = Buffer.compare(subjectDer, parsed.issuerDer) === 0;
      return named && !isSelfSigned(parsed) && Buffer.compare(publicKey, parsed.publicKey) !== 0;
    }) ?? [];
  const serial = parsed.serial.toString(16);
  if (!list || readLines(services).some((line) => line.list === list && line.serial === serial)) return false;
  const line: Line = { list, serial, revokedAt: services.clock().toISOString(), reason };
  const since = invalidSince ? { invalidSince: invalidSince.toISOString() } : {};
  appendFileSync(fileOf(services), `${JSON.stringify({ ...line, ...since })}\n`);
  return true;
}

/** A list of one of the authorities as it stands now, DER; undefined for a name that none has. */
export async function issueList(services: TrustServices, name: string): Promise<Uint8Array | undefined> {
  const issuers = issuersOf(services.authority);
  if (!Object.hasOwn(issuers, name)) return undefined;
  const issuer = issuers[name as ListName];
  const thisUpdate = services.clock();
  const revoked = readLines(services).filter(({ list }) => list === name);
  return issueCrl({
    issuer: issuer.certificate,
    signer: softwareKeyFromPkcs8(issuer.pkcs8),
    number: BigInt(thisUpdate.getTime()),
    thisUpdate,
    nextUpdate: new Date(thisUpdate.getTime() + LIST_DAYS * DAY_MS),
    revoked: revoked.map(({ serial, revokedAt, reason, invalidSince }) => ({
      serial: BigInt(`0x${serial}`),
      revokedAt: new Date(revokedAt),
      reason: CRL_REASONS[reason],
      ...(invalidSince ? { invalidSince: new Date(invalidSince) } : {}),
    })),
  });
}
