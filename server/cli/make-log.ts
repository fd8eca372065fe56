/** Structured logs on standard error, one JSON line each. Personal values never reach it: they are `Sensitive` by type, acts
 *  log ids and codes only, and of an error nothing is told but what it is and where in our own code it came from. */
import { type DestinationStream, pino } from 'pino';
import type { Log } from '../../models/kernel/log.ts';
import type { Settings } from '../settings/settings.ts';
import { describeError } from './describe-error.ts';

export function makeLog(
  level: Settings['logLevel'],
  to: DestinationStream = pino.destination({ fd: 2, sync: false }),
): Log {
  const serializers = { error: describeError, err: describeError, cause: describeError };
  const logger = pino({ level, base: null, serializers, timestamp: pino.stdTimeFunctions.isoTime }, to);
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}
