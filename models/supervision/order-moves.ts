/** The stages of a rectification order (责令限期改正, M-29) and the legal moves between them. None is skipped: no circular without a limit
 *  that has passed, no referral without a circular. */

export const ORDER_STATES = [
  ...(['issued', 'acknowledged', 'answered', 'returned', 'criticised', 'reanswered', 'referred'] as const),
  ...(['closed', 'withdrawn'] as const),
] as const;
export type OrderState = (typeof ORDER_STATES)[number];

export const ORDER_ACTS = {
  acknowledge: { zh: '签收', en: 'acknowledge' },
  answer: { zh: '报送整改情况', en: 'answer' },
  accept: { zh: '验收通过', en: 'accept' },
  return: { zh: '退回继续整改', en: 'return' },
  criticise: { zh: '通报批评', en: 'publish the circular of criticism' },
  refer: { zh: '移送追责', en: 'refer for liability' },
  conclude: { zh: '追责结果', en: 'record the outcome of the referral' },
  withdraw: { zh: '撤销', en: 'withdraw' },
} as const;
export type OrderAct = keyof typeof ORDER_ACTS;
export type OrderEvent = OrderAct | 'issue' | 'late';

const MOVES: Readonly<Record<OrderState, Readonly<Partial<Record<OrderAct, OrderState>>>>> = {
  issued: { acknowledge: 'acknowledged', criticise: 'criticised', withdraw: 'withdrawn' },
  acknowledged: { answer: 'answered', criticise: 'criticised', withdraw: 'withdrawn' },
  // Answered after the limit it was not carried out in time all the same.
  answered: { accept: 'closed', return: 'returned', criticise: 'criticised' },
  returned: { answer: 'answered', criticise: 'criticised', withdraw: 'withdrawn' },
  criticised: { answer: 'reanswered', refer: 'referred' },
  reanswered: { accept: 'closed', return: 'criticised', refer: 'referred' },
  referred: { conclude: 'closed' },
  closed: {},
  withdrawn: {},
};

/** Undefined: not legal. */
export function nextOrderState(state: OrderState, act: OrderAct): OrderState | undefined {
  return MOVES[state][act];
}

export const ENDED_STATES = ['closed', 'withdrawn'] as const satisfies readonly OrderState[];
