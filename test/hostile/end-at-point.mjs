/** Loaded before the real server by `campaign:points`, in every thread: writes down each point that is reached, and ends the
 *  whole process with SIGKILL, from within, when one is reached for the given time.
 *  END_AT: the point; END_AT_TIME: which time, from 1; POINTS_REACHED: the file that a line is added to at each point. */
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';

const { END_AT, END_AT_TIME = '1', POINTS_REACHED } = process.env;
let times = 0;

subscribe('zhengku:sealing-point', ({ point, identifier }) => {
  const ends = point === END_AT && ++times === Number(END_AT_TIME);
  if (POINTS_REACHED) appendFileSync(POINTS_REACHED, `${point} ${identifier}${ends ? ' killed' : ''}\n`);
  if (ends) process.kill(process.pid, 'SIGKILL');
});
