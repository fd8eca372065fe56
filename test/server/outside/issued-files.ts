/** What a stranger finds in the files that a house has issued: by the real program, offline, trusting the roots alone. */
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ReportDocument } from '../../../signing/index.ts';
import { PROGRAM } from '../../world/program.ts';
import { issue, submission } from '../http/issue.ts';
import { readBinary } from '../http/read-binary.ts';
import type { OutsideHouse } from './outside-house.ts';

export interface IssuedFiles {
  readonly licenceId: string;
  readonly ofd: string;
  readonly pdf: string;
}

/** Issued over HTTP, its files fetched and laid down; their paths. */
export async function issueFiles(world: OutsideHouse): Promise<IssuedFiles> {
  const { licenceId } = await issue(world, submission());
  return { licenceId, ...(await fetchFiles(world, licenceId)) };
}

export async function fetchFiles(world: OutsideHouse, licenceId: string): Promise<Pick<IssuedFiles, 'ofd' | 'pdf'>> {
  const clerk = await world.person('issuer.clerk');
  const lay = async (format: 'ofd' | 'pdf'): Promise<string> => {
    const answer = await clerk.get(`/api/v1/licences/${licenceId}/files/${format}`).buffer(true).parse(readBinary);
    expect(answer.status).to.equal(200);
    const path = join(world.folder, `${licenceId}.${format}`);
    writeFileSync(path, answer.body as Buffer);
    return path;
  };
  return { ofd: await lay('ofd'), pdf: await lay('pdf') };
}

/** `zhengku verify … --trust`, as a process of its own. */
export async function verifyOffline(world: OutsideHouse, files: readonly string[]): Promise<readonly ReportDocument[]> {
  const argv = [PROGRAM, 'verify', ...files, '--trust', world.trustDir, '--json'];
  const said = await new Promise<string>((resolve) => {
    execFile(process.execPath, argv, { maxBuffer: 16 * 1024 * 1024 }, (_error, out) => resolve(out));
  });
  return JSON.parse(said) as readonly ReportDocument[];
}

/** What does not stand in a report: `outcome where code`. */
export const failedIn = ({ checks }: ReportDocument) =>
  checks.filter(({ outcome }) => outcome === 'failed').map(({ where, code }) => `${where ?? ''} ${code}`);
