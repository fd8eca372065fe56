/** A licence that the province returned is changed where it was issued: a change made here would stand in the way of the
 *  province's own. */
import { Fault } from '../kernel/fault.ts';
import type { LicenceColumns } from './rows.ts';

/** Throws `STATE_CONFLICT`. */
export function requireOwn({ source }: Pick<LicenceColumns, 'source'>): void {
  if (source === 'province')
    throw new Fault('STATE_CONFLICT', { detail: '省级回传的证照由原签发机关变更 (it is changed by who issued it)' });
}
