/** Outside programs that some tests need: found on PATH, or the tests say plainly that they are pending. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const debianPackages: Readonly<Record<string, string>> = {
  mariadbd: 'mariadb-server',
  'mariadb-install-db': 'mariadb-server',
  'redis-server': 'redis-server',
  chromium: 'chromium',
  pdfsig: 'poppler-utils',
  pdftotext: 'poppler-utils',
  pdftoppm: 'poppler-utils',
  qpdf: 'qpdf',
  xmllint: 'libxml2-utils',
  openssl: 'openssl',
  python3: 'python3',
};

/** Where a program is. Servers live in sbin, which is often missing from an ordinary user's PATH. */
export function findProgram(name: string): string | undefined {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/local/sbin', '/usr/sbin', '/sbin'];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/** The path of a program, for a test or hook that cannot do without it.
 *  Missing: the test is pending; with ZHENGKU_REQUIRE_SERVICES=1 it fails. */
export function requireProgram(context: Mocha.Context, name: string): string {
  const path = findProgram(name);
  if (path !== undefined) return path;
  const message = `${name} is not on PATH (Debian package ${debianPackages[name] ?? name})`;
  if (process.env.ZHENGKU_REQUIRE_SERVICES === '1') throw new Error(message);
  console.warn(`      pending: ${message}`);
  return context.skip();
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
