/** One form of the fill page, for a signed-in clerk or by a link: shown, changed by its buttons, put aside as a draft, and submitted once.
 *  Each form has an id under which it is answered once: a second click makes no second licence. */
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { requireRole } from '../../models/account/index.ts';
import { type CatalogueColumns, findCurrentEntry } from '../../models/catalogue/index.ts';
import {
  DRAFT_DAYS,
  type DraftView,
  takeDraft,
  type Unfinished,
  type VersionChange,
} from '../../models/draft/index.ts';
import type { Caller, House } from '../../models/house.ts';
import { toShanghaiTime } from '../../models/kernel/clock.ts';
import { sm3Hex } from '../../models/kernel/digest.ts';
import { Fault, type PointedFault } from '../../models/kernel/fault.ts';
import { submitLicence } from '../../models/licence/index.ts';
import { answerOnce, type StoredAnswer, type Tx } from '../../models/store/index.ts';
import { statusOf } from '../http/problem.ts';
import { addHolder, removeHolder, toSubmission, toValues, type Values } from './fill-values.ts';
import { viewForm } from './fill-view.ts';
import type { ReadForm } from './read-form.ts';
import { renderPage } from './render.ts';

export interface FormDesk {
  readonly caller: Caller;
  readonly code: string;
  readonly csrf: string;
  /** The draft it goes on with. */
  readonly draftId: string | null;
  /** Whose form ids these are. */
  readonly callerId: string;
  readonly canCancel: boolean;
  /** What stands whatever the form says. */
  readonly fixed: Pick<Unfinished, 'caseNumber' | 'closedAt'>;
  /** Drafts of the same entry that one may go on with. */
  readonly drafts: readonly DraftView[];
  /** What is answered when it was submitted. */
  toAnswer(done: { readonly licenceId: string; readonly licenceNumber: string }): StoredAnswer;
  /** In the transaction that stores it. */
  withSubmission?(tx: Tx, licenceId: string): Promise<void>;
  /** As a draft; gives its id. */
  putAside(submission: Unfinished): Promise<string>;
}

interface Shown {
  readonly values: Values;
  readonly faults?: readonly PointedFault[];
  readonly formId?: string;
  readonly notice?: string;
  readonly versionChange?: VersionChange | null;
}

const FORM_ID = /^[0-9a-f-]{36}$/;

/** Throws `NOT_FOUND` for an entry there is none of. */
export async function renderForm(house: House, desk: FormDesk, shown: Shown): Promise<string> {
  const entry = await findCurrentEntry(house, desk.code);
  if (!entry) throw new Fault('NOT_FOUND');
  const { faults = [], notice, versionChange = null } = shown;
  const formId = FORM_ID.test(shown.formId ?? '') ? shown.formId : randomUUID();
  const { csrf, draftId, canCancel, drafts, fixed } = desk;
  const values = { ...shown.values, ...toValues(fixed) };
  const form = viewForm(entry, values, faults, Object.keys(fixed));
  const changed = versionChange ? nameChange(entry, versionChange) : [];
  return renderPage('fill', {
    entry,
    form,
    csrf,
    formId,
    draftId,
    canCancel,
    notice,
    closedAt: values.closedAt,
    drafts: drafts.map(viewDraftLine),
    changed,
    faulty: faults.length > 0,
  });
}

function viewDraftLine({ draftId, updatedAt, keptUntil }: DraftView) {
  return { draftId, keptUntil, savedAt: toShanghaiTime(new Date(updatedAt)) };
}

function nameChange(entry: CatalogueColumns, { from, to, added, removed, altered, rules }: VersionChange): string[] {
  const nameOf = (key: string) => entry.definition.fields.find((field) => field.key === key)?.name ?? key;
  const line = (words: string, keys: readonly string[]) =>
    keys.length > 0 ? [`${words}：${keys.map(nameOf).join('、')}`] : [];
  return [
    `草稿按目录第 ${from} 版保存，现为第 ${to} 版`,
    ...line('新增', added),
    ...line('取消', removed),
    ...line('有变化', altered),
    ...(rules.length > 0 ? ['编号、有效期或办理规则有变化'] : []),
  ];
}

const DRAWN_AGAIN = /^(add-holder|remove-holder:(\d{1,2})|remove-picture:([a-zA-Z0-9]{1,60}))$/;

/** What its button asks for. Throws what is no fault of an input. */
export async function answerForm(house: House, desk: FormDesk, { values, files }: ReadForm): Promise<StoredAnswer> {
  requireRole(desk.caller, 'issuer.clerk');
  const { formId = '', _csrf, do: button = 'submit', draftId: _draftId, ...typed } = values;
  const filled = withPictures(typed, files);
  const again = DRAWN_AGAIN.exec(button);
  if (again) return page(200, await renderForm(house, desk, { values: redraw(filled, again), formId }));
  try {
    return button === 'save-draft'
      ? await putAside(house, desk, filled, formId)
      : await submitOnce(house, desk, formId, filled);
  } catch (error) {
    if (!(error instanceof Fault) || !SHOWN.has(error.kind) || ENDED.has(error.code)) throw error;
    // A form that was refused goes on under its own id: nothing was kept under it, and nothing typed is lost.
    const faults = error.errors.length > 0 ? error.errors : [{ pointer: '', code: error.code, ...detailOf(error) }];
    return page(statusOf(error), await renderForm(house, desk, { values: filled, faults, formId }), error);
  }
}

/** Whoever fills in can do something about it, or at least copy what was typed. */
const SHOWN: ReadonlySet<string> = new Set(['invalid', 'conflict', 'not-found', 'unavailable']);
/** Its form was answered: it is not shown to be sent once more. */
const ENDED: ReadonlySet<string> = new Set(['FILL_LINK_USED', 'FILL_LINK_UNKNOWN', 'IDEMPOTENCY_KEY_REUSED']);

const detailOf = ({ detail }: Fault) => (detail === undefined ? {} : { detail });

export interface FaultyAnswer extends StoredAnswer {
  /** What it was refused for, for the log. */
  readonly fault?: Fault;
}

const page = (status: number, body: string, fault?: Fault): FaultyAnswer => ({
  status,
  body,
  ...(fault ? { fault } : {}),
});

function redraw(values: Values, [button = '', , place, picture]: RegExpExecArray): Values {
  if (button === 'add-holder') return addHolder(values);
  if (place !== undefined) return removeHolder(values, Number(place));
  return Object.fromEntries(Object.entries(values).filter(([name]) => name !== `fields.${picture}`));
}

/** A picture that was chosen travels on in the form, in base64. */
function withPictures(values: Values, files: ReadForm['files']): Values {
  const pictures = Object.entries(files)
    .filter(([name, { bytes }]) => name.startsWith('files.') && bytes.length > 0)
    .map(([name, { bytes }]) => [`fields.${name.slice('files.'.length)}`, Buffer.from(bytes).toString('base64')]);
  return { ...values, ...(Object.fromEntries(pictures) as Values) };
}

async function putAside(house: House, desk: FormDesk, filled: Values, formId: string): Promise<StoredAnswer> {
  const draftId = await desk.putAside(toContent(desk, filled));
  const notice = `草稿已保存，${DRAFT_DAYS} 天内可以继续填报。`;
  return page(200, await renderForm(house, { ...desk, draftId }, { values: filled, formId, notice }));
}

const toContent = (desk: FormDesk, filled: Values): Unfinished => ({ ...toSubmission(filled), ...desk.fixed });

const WAITS = 50;
const WAIT_MS = 100;

/** The same page for the same form, however often it is sent. While the first is being stored, the second waits for it. */
async function submitOnce(house: House, desk: FormDesk, formId: string, filled: Values): Promise<StoredAnswer> {
  if (!FORM_ID.test(formId)) throw new Fault('REQUEST_INVALID', { detail: 'formId' });
  const requestDigest = sm3Hex(`fill ${desk.code}\n`, JSON.stringify(filled));
  const known = { callerId: desk.callerId, key: `form:${formId}`, requestDigest };
  const body = { catalogueCode: desk.code, ...toContent(desk, filled) };
  const submit = () =>
    answerOnce(house, known, async (keep) =>
      desk.toAnswer(
        await submitLicence(house, desk.caller, body, { source: 'form' }, async (tx, done) => {
          if (desk.draftId) await takeDraft(house, tx, desk.caller, desk.draftId);
          await desk.withSubmission?.(tx, done.licenceId);
          await keep(tx, desk.toAnswer(done));
        }),
      ),
    );
  for (let waited = 0; ; waited += 1) {
    try {
      return (await submit()).answer;
    } catch (error) {
      const underWay = error instanceof Fault && error.code === 'IDEMPOTENCY_IN_PROGRESS';
      if (!underWay || waited === WAITS) throw error;
      await delay(WAIT_MS);
    }
  }
}
