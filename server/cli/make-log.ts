/** Structured logs on standard error, one JSON line each. Personal values never reach it: they are `Sensitive` by type, and
 *  acts log ids and codes only. */
import { pino } from 'pino';
import type { Log } from '../../models/kernel/log.ts';
import type { Settings } from '../settings/settings.ts';

export function makeLog(level: Settings['logLevel']): Log {
  const serializers = { error: pino.stdSerializers.errWithCause };
  const logger = pino(
    { level, base: null, serializers, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ fd: 2, sync: false }),
  );
  return {
    info: (fields, message) => logger.info(fields, message),
    warn: (fields, message) => logger.warn(fields, message),
    error: (fields, message) => logger.error(fields, message),
  };
}
