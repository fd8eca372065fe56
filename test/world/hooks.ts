/** Hooks around the whole test run: what was started for all is stopped once. */
import { stopSharedMariaDb } from './mariadb.ts';

after(async function () {
  this.timeout(30_000);
  await stopSharedMariaDb();
});
