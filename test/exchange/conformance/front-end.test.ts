import { eachDatabase } from '../../world/each-database.ts';
import { frontEndSuite } from './front-end-suite.ts';
import { openHenanMachine } from './henan-machine.ts';
import { openZhengkuMachine } from './zhengku-machine.ts';

for (const [profile, openMachine] of [
  ['our own tables', openZhengkuMachine],
  ['Henan’s tables', openHenanMachine],
] as const) {
  eachDatabase(`a front-end machine with ${profile}`, (openDatabase) => frontEndSuite(openMachine, openDatabase));
}
