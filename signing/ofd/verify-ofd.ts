/** Judge an OFD file over its original bytes (GB/T 33190, GB/T 38540): container, locations, every signature,
 *  coverage. Files that we made are held to our exact form, so that no byte of them can change unseen. */
import { SigningError } from '../error.ts';
import { check, passed } from '../verify/check-words.ts';
import { codeOfFault, placeOfFault, refusedReport } from '../verify/refused-report.ts';
import type { Check, SignatureFacts, VerificationPolicy, VerificationReport } from '../verify/report.ts';
import { storeWith, type TrustStore, trustStoreOf } from '../x509/trust-store.ts';
import { type ReadPackage, readPackage } from '../zip/read-package.ts';
import { checkAnnounced } from './check-announced.ts';
import { checkCoverage } from './check-coverage.ts';
import { checkLocations } from './check-locations.ts';
import { checkOwnForm } from './check-own-form.ts';
import { findFile } from './location.ts';
import { makeOfdContext, type OfdContext } from './ofd-context.ts';
import { type OpenedSignature, openSignature, type UnreadSignature } from './open-signature.ts';
import { type OfdBody, ROOT_PATH, readOfdRoot } from './read-ofd-root.ts';
import { listingsOf } from './read-signature-xml.ts';
import { factsOfSignature } from './signature-facts.ts';
import {
  judgeTimeStamp,
  type SignatureJudgement,
  type StampedSignature,
  verifyOneSignature,
} from './verify-one-signature.ts';

interface Signatures {
  /** Paths of the lists. */
  readonly lists: ReadonlySet<string>;
  readonly judged: readonly SignatureJudgement[];
  readonly store: TrustStore;
  readonly checks: readonly Check[];
}

/** A list may name one signature again and again, and each costs a verification. */
const MAX_SIGNATURES = 200;

function openSignatures(context: OfdContext, bodies: readonly OfdBody[]) {
  const lists = new Set<string>();
  const opened: (OpenedSignature | UnreadSignature)[] = [];
  const checks: Check[] = [];
  for (const { signatures } of bodies) {
    if (signatures === undefined) continue;
    const found = findFile(context.files, ROOT_PATH, signatures);
    if (!found) {
      checks.push(check('structure', 'failed', 'LOCATION_MISSING', signatures));
      continue;
    }
    if (!found.exact) checks.push(check('structure', 'warned', 'LOCATION_CASE', found.path));
    if (lists.has(found.path)) continue;
    lists.add(found.path);
    const listings = listingsOf(context.xmlOf(found.path));
    if (opened.length + listings.length > MAX_SIGNATURES) throw new SigningError('TOO_LARGE', 'too many signatures');
    for (const listing of listings) opened.push(openSignature(context, found.path, listing));
  }
  return { lists, opened, checks };
}

/** What the signatures bring along helps to judge all of them. */
function broughtAlong(opened: readonly (OpenedSignature | UnreadSignature)[]) {
  const signed = opened.flatMap(({ value }) => (value?.kind === 'sign' ? [value.signed] : []));
  return {
    certificates: signed.flatMap(({ certificates }) => certificates),
    crls: signed.flatMap(({ crls }) => crls),
  };
}

/** The earliest moment proven by a time-stamp over a signature that covers description and value of this one. */
function coveringMoment(opened: OpenedSignature | UnreadSignature, all: readonly StampedSignature[]): Date | undefined {
  let earliest: Date | undefined;
  for (const { opened: later, timeStamp } of all) {
    if (later === opened || later.value === undefined || timeStamp?.at === undefined) continue;
    const { covered } = later.references;
    if (![...opened.own].every((path) => covered.has(path))) continue;
    if (!earliest || timeStamp.at < earliest) earliest = timeStamp.at;
  }
  return earliest;
}

function judgeSignatures(context: OfdContext, bodies: readonly OfdBody[]): Signatures {
  const { lists, opened, checks } = openSignatures(context, bodies);
  const store = storeWith(context.store, broughtAlong(opened));
  const stamped = opened.map((one) => judgeTimeStamp(one, store));
  const judged = stamped.map((one) => verifyOneSignature(context, one, store, coveringMoment(one.opened, stamped)));
  return { lists, judged, checks, store };
}

/** The facts of every signature, in the order of the lists. */
function tellOf(read: ReadPackage, { lists, judged, store }: Signatures): SignatureFacts[] {
  const own = new Set([...lists, ...judged.flatMap((one) => [...one.own])]);
  const content = [...read.files.keys()].filter((path) => !own.has(path));
  return judged.map((one) => factsOfSignature(one, content, store));
}

function trustOf(signatures: readonly SignatureJudgement[], policy: VerificationPolicy): boolean | null {
  if (policy.certificates === undefined) return null;
  return signatures.length > 0 && signatures.every((signature) => signature.trusted === true);
}

function judge(bytes: Uint8Array, policy: VerificationPolicy): VerificationReport {
  const read = readPackage(bytes);
  const context = makeOfdContext(read.files, trustStoreOf(policy));
  const bodies = readOfdRoot(read.files);
  const signatures = judgeSignatures(context, bodies);
  const { judged } = signatures;
  const structure = [...checkLocations(context, bodies), ...signatures.checks];
  if (judged.length === 0) structure.push(check('structure', 'failed', 'UNSIGNED'));
  else if (judged.every((signature) => signature.ours))
    structure.push(...checkOwnForm(read, bodies, signatures.lists, judged));
  else if (read.descriptors) structure.push(check('structure', 'warned', 'DATA_DESCRIPTOR'));
  if (judged.length > 0) structure.push(...checkAnnounced(bodies, [...signatures.lists][0] ?? ROOT_PATH, judged));
  const coverage = judged.length > 0 ? checkCoverage(read.files, bodies, signatures.lists, judged) : [];
  const found = [...structure, ...judged.flatMap((signature) => signature.checks), ...coverage];
  const sound = !found.some((one) => one.name === 'structure' && one.outcome === 'failed');
  const checks = sound ? [passed('structure'), ...found] : found;
  const trusted = trustOf(judged, policy);
  const valid = judged.length > 0 && trusted !== false && !checks.some((one) => one.outcome === 'failed');
  return { format: 'ofd', signed: judged.length > 0, valid, trusted, checks, signatures: tellOf(read, signatures) };
}

/** Judge an OFD file. Bytes that cannot be read give a report with a failed structure, not a throw.
 *  @throws SELF_TEST_FAILED only, when this machine cannot do SM2 at all */
export function verifyOfd(bytes: Uint8Array, policy: VerificationPolicy): VerificationReport {
  try {
    return judge(bytes, policy);
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'SELF_TEST_FAILED') throw error;
    return refusedReport('ofd', policy, codeOfFault(error, 'UNREADABLE'), placeOfFault(error));
  }
}
