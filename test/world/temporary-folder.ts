/** A folder that is gone after the test. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

const left = new Set<string>();

/** Make an empty folder. Whatever is left of it when the process ends is removed then. */
export function temporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'zhengku-test-'));
  if (left.size === 0 && !process.listeners('exit').includes(removeLeft)) process.once('exit', removeLeft);
  left.add(path);
  return { path, remove: () => remove(path) };
}

function removeLeft(): void {
  for (const path of left) remove(path);
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
  left.delete(path);
}
