/** Judge an archive volume offline, by what is in it: everything there that the manifest names and nothing else, the manifest
 *  signed, every sealed file genuine, every archive copy OFD-A, the metadata in agreement with it all. */
import { SigningError } from '../error.ts';
import { parseXml, textOf } from '../ofd/xml-tree.ts';
import type { VerificationPolicy } from '../verify/report.ts';
import type { VerificationRules } from '../verify/rules.ts';
import { trustStoreOf } from '../x509/trust-store.ts';
import { type ArchiveCheck, archiveCheck, archivePassed } from './archive-words.ts';
import { checkContents } from './check-contents.ts';
import { type ManifestLine, readManifest, sm3Hex } from './manifest.ts';
import { judgeManifest } from './sign-manifest.ts';
import { DESCRIPTION, MANIFEST, MANIFEST_SIGNATURE } from './volume-paths.ts';

export interface VolumeReport {
  readonly valid: boolean;
  /** Null when no trust anchors were given. */
  readonly trusted: boolean | null;
  /** The root folder (载体编号); null when there is none. */
  readonly volume: string | null;
  /** SM3 of the manifest: of all content. */
  readonly contentSm3: string | null;
  /** Subject of the certificate that signed the manifest. */
  readonly signer: string | null;
  readonly checks: readonly ArchiveCheck[];
}

export interface VolumePolicy {
  readonly policy: VerificationPolicy;
  readonly rules: VerificationRules;
}

type Files = ReadonlyMap<string, Uint8Array>;

const NOTHING = { trusted: null, volume: null, contentSm3: null, signer: null };

/** A volume that could not even be opened. */
export function refusedVolume(detail: string, where?: string): VolumeReport {
  const checks = [
    archiveCheck('container', 'CONTAINER_REFUSED', { detail, ...(where === undefined ? {} : { where }) }),
  ];
  return { ...NOTHING, valid: false, checks };
}

/** @param all files by path, the root folder first in each */
export function checkVolume(all: Files, given: VolumePolicy): VolumeReport {
  const roots = new Set([...all.keys()].map((path) => path.split('/')[0] ?? ''));
  const [root] = roots;
  const rooted = root !== undefined && roots.size === 1 && [...all.keys()].every((path) => path.includes('/'));
  if (!rooted) return { ...NOTHING, valid: false, checks: [archiveCheck('container', 'ROOT_WRONG')] };
  const files = new Map([...all].map(([path, bytes]) => [path.slice(root.length + 1), bytes]));
  const manifest = files.get(MANIFEST);
  const listed = compareManifest(files, manifest);
  const signed = judgeSignature(files, manifest, given.policy);
  const contents = checkContents(files, root, { ...given, policy: { ...given.policy, crls: signed.crls } });
  const checks = [archivePassed('container'), ...listed, ...signed.checks, ...contents];
  const contentSm3 = manifest ? sm3Hex(manifest) : null;
  const { trusted, signer } = signed;
  const valid = trusted !== false && !checks.some(({ outcome }) => outcome === 'failed');
  return { valid, trusted, volume: root, contentSm3, signer, checks };
}

function compareManifest(files: Files, manifest: Uint8Array | undefined): ArchiveCheck[] {
  if (!manifest) return [archiveCheck('manifest', 'MANIFEST_MISSING')];
  const lines = readLines(manifest);
  if (!lines) return [archiveCheck('manifest', 'MANIFEST_MALFORMED', { where: MANIFEST })];
  const named = new Set([MANIFEST, MANIFEST_SIGNATURE, ...lines.map(({ path }) => path)]);
  const wrong = lines.flatMap(({ path, size, sm3 }) => {
    const bytes = files.get(path);
    if (!bytes || path === MANIFEST || path === MANIFEST_SIGNATURE)
      return [archiveCheck('manifest', 'FILE_MISSING', { where: path })];
    const same = bytes.length === size && sm3Hex(bytes) === sm3;
    return same ? [] : [archiveCheck('manifest', 'FILE_CHANGED', { where: path })];
  });
  const extra = [...files.keys()].filter((path) => !named.has(path));
  const checks = [...wrong, ...extra.map((where) => archiveCheck('manifest', 'FILE_EXTRA', { where }))];
  return checks.length > 0 ? checks : [archivePassed('manifest')];
}

function readLines(manifest: Uint8Array): ManifestLine[] | undefined {
  try {
    return readManifest(manifest);
  } catch (error) {
    if (error instanceof SigningError) return undefined;
    throw error;
  }
}

interface JudgedSignature {
  readonly checks: readonly ArchiveCheck[];
  readonly trusted: boolean | null;
  readonly signer: string | null;
  /** Given and brought along, DER. */
  readonly crls: readonly Uint8Array[];
}

function judgeSignature(files: Files, manifest: Uint8Array | undefined, policy: VerificationPolicy): JudgedSignature {
  const untrusted = policy.certificates === undefined ? null : false;
  const without = (check: ArchiveCheck): JudgedSignature => {
    return { checks: [check], trusted: untrusted, signer: null, crls: policy.crls ?? [] };
  };
  const signature = files.get(MANIFEST_SIGNATURE);
  if (!manifest || !signature) return without(archiveCheck('signature', 'SIGNATURE_MISSING'));
  try {
    const judged = judgeManifest(manifest, signature, madeAt(files), trustStoreOf(policy));
    const crls = judged.store.crls.map(({ raw }) => raw);
    return { checks: judged.checks, trusted: judged.trusted, signer: judged.certificate.subject, crls };
  } catch (error) {
    if (!(error instanceof SigningError) || error.code === 'SELF_TEST_FAILED') throw error;
    return without(archiveCheck('signature', 'SIGNATURE_MALFORMED', { where: MANIFEST_SIGNATURE }));
  }
}

/** When the volume says it was made. */
function madeAt(files: Files): string | undefined {
  const bytes = files.get(DESCRIPTION);
  try {
    return bytes && textOf(parseXml(bytes), '制作时间');
  } catch (error) {
    if (error instanceof SigningError) return undefined;
    throw error;
  }
}
