/** Open the house for one command and close it again, whatever happens. */
import type { House } from '../../models/house.ts';
import { openHouse } from '../open-house.ts';
import { readSettings, type Settings } from '../settings/settings.ts';
import { makeLog } from './make-log.ts';

export async function withHouse<T>(act: (house: House, settings: Settings) => Promise<T>): Promise<T> {
  const settings = readSettings(process.env);
  const open = await openHouse(settings, makeLog(settings.logLevel === 'info' ? 'warn' : settings.logLevel));
  try {
    return await act(open.house, settings);
  } finally {
    await open.close();
  }
}
