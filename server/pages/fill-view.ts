/** The inputs of a form, from its schema and its hints: what stands in them, what is wrong with each, and the summary of faults that leads
 *  to them. */
import { describeFault, type PointedFault } from '../../models/kernel/fault.ts';
import { countHolders, MOST_HOLDERS, type Values } from './fill-values.ts';
import { type FormSource, toFormSchema } from './form-schema.ts';
import { toUiSchema } from './ui-schema.ts';

interface Node {
  readonly title?: string;
  readonly maxLength?: number;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly enum?: readonly string[];
  readonly oneOf?: readonly { readonly const: string; readonly title: string }[];
}
type Hints = Readonly<Record<string, string>>;
type HintTree = Readonly<Record<string, Readonly<Record<string, Hints & string>>>>;

interface Input {
  readonly id: string;
  readonly name: string;
  readonly label: string;
  readonly required: boolean;
  readonly readOnly: boolean;
  readonly widget: string;
  readonly value: string;
  readonly maxLength: number | undefined;
  readonly options: readonly { readonly value: string; readonly words: string }[];
  readonly help: string | undefined;
  readonly placeholder: string | undefined;
  readonly inputMode: string | undefined;
  readonly accept: string | undefined;
  readonly faults: readonly string[];
  /** What the input points to: itself, its help, its faults. */
  readonly describedBy: string;
}

const TYPE_WORDS: Readonly<Record<string, string>> = { legal: '法人或其他组织', natural: '自然人' };
const HOLDER_INPUTS = ['name', 'type', 'number', 'numberType'] as const;

/** @param fixed names of inputs that are shown and not filled in */
export function viewForm(
  source: FormSource,
  values: Values,
  faults: readonly PointedFault[],
  fixed: readonly string[] = [],
) {
  const schema = toFormSchema(source) as unknown as Node;
  const ui = toUiSchema(source.definition) as unknown as HintTree;
  const root = schema.properties ?? {};
  const found = new Set<string>();
  const input = (place: string, key: string, node: Node | undefined, hints: Hints, required: boolean): Input => {
    const name = place === '' ? key : `${place}.${key}`;
    const pointer = `/${name.replaceAll('.', '/')}`;
    const own = faults.filter((fault) => fault.pointer === pointer);
    for (const fault of own) found.add(fault.pointer);
    const value = values[name] ?? '';
    return composeInput(name, node ?? {}, hints, { value, required, own, readOnly: fixed.includes(name) });
  };
  const holderNode = root.holders?.items;
  const holders = Array.from({ length: countHolders(values) }, (_, place) =>
    HOLDER_INPUTS.map((key) => {
      const required = holderNode?.required?.includes(key) ?? false;
      return input(`holders.${place}`, key, holderNode?.properties?.[key], {}, required);
    }),
  );
  const fields = Object.entries(root.fields?.properties ?? {}).map(([key, node]) =>
    input('fields', key, node, ui.fields?.[key] ?? {}, root.fields?.required?.includes(key) ?? false),
  );
  const others = ['validFrom', 'validTo', 'caseNumber', 'commitment']
    .filter((key) => root[key])
    .map((key) => input('', key, root[key], (ui[key] ?? {}) as Hints, schema.required?.includes(key) ?? false));
  const stock = Object.entries(root.stock?.properties ?? {}).map(([key, node]) =>
    input('stock', key, node, ui.stock?.[key] ?? {}, false),
  );
  const succeeds = Object.entries(root.succeeds?.properties ?? {}).map(([key, node]) =>
    input('succeeds', key, node, ui.succeeds?.[key] ?? {}, false),
  );
  const all = [...holders.flat(), ...fields, ...others, ...stock, ...succeeds];
  const summary = [
    ...all.flatMap(({ id, label, faults: own }) =>
      own.map((words) => ({ id, words: `${placeOf(id)}${label}：${words}` })),
    ),
    ...faults
      .filter(({ pointer }) => !found.has(pointer))
      .map((fault) => ({ id: '', words: `${fault.pointer} ${describeFault(fault).zh}`.trim() })),
  ];
  return { holders, fields, others, stock, succeeds, summary, mayAddHolder: holders.length < MOST_HOLDERS };
}

function composeInput(
  name: string,
  node: Node,
  hints: Hints,
  {
    value,
    required,
    own,
    readOnly,
  }: Pick<Input, 'value' | 'required' | 'readOnly'> & { readonly own: readonly PointedFault[] },
): Input {
  const id = name.replaceAll('.', '-');
  const help = hints['ui:help'];
  const isChoice = node.enum !== undefined || node.oneOf !== undefined;
  return {
    ...{ id, name, label: node.title ?? name, required, readOnly, value, help },
    widget: isChoice ? 'select' : (hints['ui:widget'] ?? 'text'),
    maxLength: node.maxLength,
    options: [
      ...(node.enum ?? []).map((one) => ({ value: one, words: TYPE_WORDS[one] ?? one })),
      ...(node.oneOf ?? []).map((one) => ({ value: one.const, words: one.title })),
    ],
    ...{ placeholder: hints['ui:placeholder'], inputMode: hints['ui:inputmode'], accept: hints['ui:accept'] },
    faults: own.map((fault) => describeFault(fault).zh),
    describedBy: [...(help ? [`${id}-help`] : []), ...(own.length > 0 ? [`${id}-fault`] : [])].join(' '),
  };
}

/** Which of several holders. */
function placeOf(id: string): string {
  const place = /^holders-(\d+)-/.exec(id)?.[1];
  return place === undefined ? '' : `持证主体（${Number(place) + 1}）`;
}
