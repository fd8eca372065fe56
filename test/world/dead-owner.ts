/** An owner that ran where this test runs, and has ended. */
import { processOwner } from '../../models/kernel/process-owner.ts';

/** Its process id is beyond the largest that Linux gives. */
export const DEAD_OWNER = processOwner().replace(/:\d+:\d+@/, ':4194305:1@');
