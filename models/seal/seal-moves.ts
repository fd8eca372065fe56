/** The life of a seal (M-14, R-24): its states and the only moves between them. Knows no storage. */

export const SEAL_STATES = ['applied', 'approved', 'refused', 'active', 'frozen', 'renewed', 'revoked'] as const;
export type SealState = (typeof SEAL_STATES)[number];

interface SealMove {
  readonly from: readonly SealState[];
  readonly to: SealState;
}

/** `supersede` is no act of its own: it happens to the old seal at the moment its renewal becomes active. What was renewed can
 *  still be revoked, when its key turns out to be lost; what was refused or revoked stays so. */
export const SEAL_MOVES = {
  approve: { from: ['applied'], to: 'approved' },
  refuse: { from: ['applied'], to: 'refused' },
  make: { from: ['approved'], to: 'active' },
  register: { from: ['approved'], to: 'active' },
  freeze: { from: ['active'], to: 'frozen' },
  unfreeze: { from: ['frozen'], to: 'active' },
  supersede: { from: ['active', 'frozen'], to: 'renewed' },
  revoke: { from: ['active', 'frozen', 'renewed'], to: 'revoked' },
} as const satisfies Readonly<Record<string, SealMove>>;

export type SealAct = keyof typeof SEAL_MOVES;

/** The state an act leads to; undefined when it is not allowed from here. */
export function nextSealState(state: SealState, act: SealAct): SealState | undefined {
  const move: SealMove = SEAL_MOVES[act];
  return move.from.includes(state) ? move.to : undefined;
}
