import { SigningError } from '../error.ts';

/** What version 1 stamps write as a time without a zone is the time of China. */
const CHINA = '+08:00';

const FORMS: readonly (readonly [RegExp, (parts: readonly string[]) => string | number])[] = [
  [/^(\d{4})-(\d\d)-(\d\d)[ T](\d\d:\d\d:\d\d)$/, ([, y, m, d, time]) => `${y}-${m}-${d}T${time}${CHINA}`],
  [/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/, ([text = '']) => text],
  [/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, ([, y, mo, d, h, mi, s]) => `${y}-${mo}-${d}T${h}:${mi}:${s}Z`],
  [/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, ([, y, mo, d, h, mi, s]) => `${y}-${mo}-${d}T${h}:${mi}:${s}${CHINA}`],
  [/^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/, ([, y, mo, d, h, mi, s]) => `20${y}-${mo}-${d}T${h}:${mi}:${s}Z`],
  [/^\d{9,10}$/, ([seconds]) => Number(seconds) * 1000],
];

/** The instant that text means in one of the forms seen in genuine stamps. @throws UNSUPPORTED for any other */
export function readTextTime(bytes: Uint8Array): Date {
  const text = Buffer.from(bytes).toString('latin1').trim();
  for (const [form, toInstant] of FORMS) {
    const parts = form.exec(text);
    if (!parts) continue;
    const time = new Date(toInstant(parts));
    if (!Number.isNaN(time.getTime())) return time;
  }
  throw new SigningError('UNSUPPORTED', 'a time of signing in a form that is not known');
}
