import { faultOf } from '../fault-of.ts';

/** The code of the Fault that an act ends in. */
export const codeOf = async (act: Promise<unknown>): Promise<string> => (await faultOf(act)).code;
