/** The queue as the settings name it: on Redis, or a table of the database. */
import { EmbeddedQueue, type Queue, RedisQueue } from '../../jobs/index.ts';
import type { House } from '../../models/house.ts';
import type { Settings } from './settings.ts';

export function queueOf({ redisUrl }: Settings, house: House): Queue {
  return redisUrl ? new RedisQueue(redisUrl, house) : new EmbeddedQueue(house);
}
