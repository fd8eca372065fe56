/** What a pass over one machine came to. */
export interface PassCounts {
  /** Claims given back that dead or stuck passes had left. */
  released: number;
  claimed: number;
  accepted: number;
  refused: number;
  /** Applied before; the lost receipt was written again. */
  replayed: number;
  /** Licences whose sealed files are not all there yet, and rows behind them. */
  waiting: number;
  /** Left for the next pass after an error of ours, and rows behind them. */
  deferred: number;
  /** Receipts that followed a review, a sealing, or the province's answer for an entry. */
  updated: number;
  /** How far the department's clock is ahead of ours; 0 within a minute. */
  aheadSeconds: number;
}

export const noCounts = (): PassCounts => ({
  ...{ released: 0, claimed: 0, accepted: 0, refused: 0, replayed: 0, waiting: 0, deferred: 0, updated: 0 },
  aheadSeconds: 0,
});
