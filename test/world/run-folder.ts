/** The folder of one run of the tests: whatever a test writes lies in it, and it is gone after the run. In memory where there
 *  is room: every commit still asks for its bytes to be on the disk, and nobody waits for a disk that holds nothing of worth.
 *  Benches and campaigns do not come by here: they stay on the disk. */
import { existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const MEMORY = '/dev/shm';
/** Three processes with a database server each, and the largest files of the tests. */
const WANTED_BYTES = 4 * 2 ** 30;
const NAME = 'zhengku-run-';

let folder: string | undefined;

/** Called once, before the processes that run the test files are started: they inherit the environment. */
export function mochaGlobalSetup(): void {
  const disk = tmpdir();
  const place = hasRoom() ? MEMORY : disk;
  removeLeft(place);
  folder = mkdtempSync(join(place, `${NAME}${process.pid}-`));
  process.once('exit', mochaGlobalTeardown);
  const transformed = `tsx-${process.getuid?.() ?? ''}`;
  if (existsSync(join(disk, transformed))) symlinkSync(join(disk, transformed), join(folder, transformed));
  process.env.TMPDIR = folder;
  // what tests start is made of today's sources: see program.ts
  delete process.env.ZHENGKU_FROM_SOURCE;
}

/** The folder, in every process of the run; undefined outside one. */
export function runFolder(): string | undefined {
  const place = tmpdir();
  return basename(place).startsWith(NAME) ? place : undefined;
}

export function mochaGlobalTeardown(): void {
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}

function hasRoom(): boolean {
  if (!existsSync(MEMORY)) return false;
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize >= WANTED_BYTES;
}

/** A run that was killed leaves its folder, which is memory: the next one takes it away. */
function removeLeft(place: string): void {
  for (const name of readdirSync(place)) {
    const pid = Number(name.startsWith(NAME) ? name.slice(NAME.length).split('-')[0] : Number.NaN);
    if (pid > 0 && !isAlive(pid)) rmSync(join(place, name), { recursive: true, force: true });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
