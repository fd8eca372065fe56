/** TSTInfo: what the authority signs (RFC 3161 §2.4.2). */
import { contextTag, DerFields, type DerNode, derFault, parseDer, TAG } from '../der/read-der.ts';
import { toBoolean, toInteger, toOid, toSmallInteger, toTime } from '../der/read-values.ts';
import { boolean, element, integer, oid, sequence, timeText } from '../der/write-der.ts';
import { readExtensionList } from '../x509/read-extensions.ts';
import { type MessageImprint, readImprint } from './message-imprint.ts';

/** How far from the time written the true one may lie; what is missing counts as zero. */
export interface Accuracy {
  readonly seconds?: number;
  /** 1–999. */
  readonly millis?: number;
  /** 1–999. */
  readonly micros?: number;
}

export interface TimeStampInfo {
  /** Dotted. */
  readonly policy: string;
  readonly imprint: MessageImprint;
  readonly serial: bigint;
  /** To the millisecond; finer fractions are cut off. */
  readonly at: Date;
  readonly accuracy: Accuracy | undefined;
  /** Whether any two stamps of the authority can be put in order by their times alone. */
  readonly ordering: boolean;
  readonly nonce: bigint | undefined;
}

export interface TimeStampInfoFields {
  readonly policy: string;
  /** MessageImprint, DER. */
  readonly imprint: Uint8Array;
  readonly serial: bigint;
  readonly at: Date;
  /** Whether `at` is written to the millisecond. */
  readonly fraction?: boolean;
  readonly accuracy?: Accuracy;
  readonly ordering?: boolean;
  readonly nonce?: bigint;
}

/** DER of a TSTInfo. */
export function writeTimeStampInfo(info: TimeStampInfoFields): Uint8Array {
  const { policy, imprint, serial, at, accuracy, ordering = false, nonce } = info;
  return sequence(
    integer(1),
    oid(policy),
    imprint,
    integer(serial),
    writeTime(at, info.fraction ?? false),
    ...(accuracy === undefined ? [] : [writeAccuracy(accuracy)]),
    ...(ordering ? [boolean(true)] : []),
    ...(nonce === undefined ? [] : [integer(nonce)]),
  );
}

/** GeneralizedTime; a fraction ends in no zero, and one of nothing is left out. */
function writeTime(at: Date, fraction: boolean): Uint8Array {
  const millis = at.getUTCMilliseconds();
  const digits = fraction && millis > 0 ? `.${String(millis).padStart(3, '0').replace(/0+$/, '')}` : '';
  return element(TAG.GENERALIZED_TIME, Buffer.from(timeText(at).replace('Z', `${digits}Z`), 'latin1'));
}

function writeAccuracy({ seconds, millis, micros }: Accuracy): Uint8Array {
  const implicit = (number: number, value: number): Uint8Array => {
    const der = integer(value);
    der[0] = 0x80 | number;
    return der;
  };
  return sequence(
    ...(seconds === undefined ? [] : [integer(seconds)]),
    ...(millis === undefined ? [] : [implicit(0, millis)]),
    ...(micros === undefined ? [] : [implicit(1, micros)]),
  );
}

/** @throws MALFORMED for anything but one complete TSTInfo, and for critical extensions: none are known here */
export function parseTimeStampInfo(content: Uint8Array): TimeStampInfo {
  const fields = new DerFields(parseDer(content));
  if (toSmallInteger(fields.take(TAG.INTEGER)) !== 1) throw derFault('unknown version of a time-stamp', 0);
  const policy = toOid(fields.take(TAG.OID));
  const imprint = readImprint(fields.take(TAG.SEQUENCE));
  const serial = toInteger(fields.take(TAG.INTEGER));
  const at = readTime(fields.take(TAG.GENERALIZED_TIME));
  const accuracy = fields.optional(TAG.SEQUENCE);
  const ordering = fields.optional(TAG.BOOLEAN);
  const nonce = fields.optional(TAG.INTEGER);
  fields.optional(contextTag(0));
  const extensions = fields.optional(contextTag(1));
  fields.end();
  if (extensions !== undefined && [...readExtensionList(extensions).values()].some(({ critical }) => critical)) {
    throw derFault('a critical extension of the time-stamp is not known', extensions.offset);
  }
  return {
    ...{ policy, imprint, serial, at },
    accuracy: accuracy && readAccuracy(accuracy),
    ordering: ordering !== undefined && toBoolean(ordering),
    nonce: nonce && toInteger(nonce),
  };
}

function readAccuracy(node: DerNode): Accuracy {
  const fields = new DerFields(node);
  const seconds = fields.optional(TAG.INTEGER);
  const millis = fields.optional(0x80);
  const micros = fields.optional(0x81);
  fields.end();
  const part = (value: DerNode): number => {
    const number = toSmallInteger({ ...value, tag: TAG.INTEGER });
    if (number < 1 || number > 999) throw derFault('accuracy out of range', value.offset);
    return number;
  };
  return {
    ...(seconds === undefined ? {} : { seconds: toSmallInteger(seconds) }),
    ...(millis === undefined ? {} : { millis: part(millis) }),
    ...(micros === undefined ? {} : { micros: part(micros) }),
  };
}

/** GeneralizedTime in UTC, with the fraction of a second that RFC 3161 allows. */
function readTime(node: DerNode): Date {
  const text = Buffer.from(node.value).toString('latin1');
  const fraction = /^\d{14}\.(\d{0,8}[1-9])Z$/.exec(text)?.[1];
  if (fraction === undefined) return toTime(node);
  const whole = toTime({ ...node, value: Buffer.from(`${text.slice(0, 14)}Z`, 'latin1') });
  return new Date(whole.getTime() + Number(fraction.slice(0, 3).padEnd(3, '0')));
}
