/** The door of the exchange floor. */
export { runPass } from './front-end/run-pass.ts';
