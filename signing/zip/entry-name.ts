/** Why a name may not be the name of an entry: absolute, leading out of the package, or not plainly one path.
 *  A trailing slash names a folder. */
export function nameFault(name: string): string | undefined {
  if (name === '' || name.length > 1024) return 'empty or too long';
  if (name.includes('\\')) return 'backslash';
  if (/\p{Cc}/u.test(name)) return 'control character';
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'absolute';
  const parts = (name.endsWith('/') ? name.slice(0, -1) : name).split('/');
  if (parts.some((part) => part === '' || part === '.' || part === '..')) return 'empty or dotted part';
  return undefined;
}

/** The form under which two names would fall together on some file system. */
export function foldName(name: string): string {
  return name.normalize('NFC').toLowerCase();
}
