/** What supervision finds (监督, R-51), each with the article of the city's measures of 2019 that it breaches. Closed. */
interface FindingWords {
  readonly zh: string;
  readonly en: string;
  /** Null: that of its clock. */
  readonly article: string | null;
}

export const FINDING_KINDS = {
  'catalogue-outdated': {
    zh: '目录未更新',
    en: 'A catalogue entry is past its last day and has no successor',
    article: '第九条',
  },
  'case-late': { zh: '办结未按时归集', en: 'The licence of a closed case did not come in time', article: null },
  'machine-silent': {
    zh: '前置机中断',
    en: 'A front-end machine in use cannot be reached',
    article: '第十条',
  },
  'row-refused': { zh: '回执退回未改', en: 'A refused row of a front-end machine was not mended', article: '第十条' },
  'province-held': { zh: '未能汇聚至省库', en: 'A licence or entry is held back from the province', article: '第六条' },
  'province-refused': { zh: '省库退回未改', en: 'What the province refused was not mended', article: '第六条' },
  'objection-late': { zh: '异议逾期未答复', en: 'An objection was not answered in time', article: null },
  'correction-late': { zh: '异议成立逾期未更正', en: 'A correction did not follow in time', article: null },
  'persons-missing': {
    zh: '未指定专门机构和人员',
    en: 'No responsible body or persons are named',
    article: '第二十八条',
  },
  'inspection-open': {
    zh: '年检逾期未办结',
    en: 'An annual inspection was missed or is undecided after its window',
    article: '第二十二条',
  },
  'commitment-late': {
    zh: '承诺材料逾期',
    en: 'Promised material is late',
    article: '告知承诺暂行办法第十四条',
  },
  'paper-asked': {
    zh: '违规索要纸质材料',
    en: 'Paper was asked for though the licence could be had',
    article: '第十六条',
  },
} as const satisfies Readonly<Record<string, FindingWords>>;

export type FindingKind = keyof typeof FINDING_KINDS;
export const FINDING_KIND_NAMES = Object.keys(FINDING_KINDS) as [FindingKind, ...FindingKind[]];

/** By which clocks lateness is found. */
export const CLOCK_FINDINGS = {
  'offline-push': 'case-late',
  'batch-push': 'case-late',
  objection: 'objection-late',
  correction: 'correction-late',
} as const satisfies Readonly<Record<string, FindingKind>>;
