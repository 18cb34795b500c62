import type { Json, JsonObject } from '../../../../workflows/domain/json';
import { isList, isObject } from '../../../../workflows/domain/json-values';
import { readForm } from '../../form/form-model';
import type { Declared, Texts } from '../../form/form-model';
import { isZone, wallAt } from '../../kit/zone-days';
import { instantOf } from '../../kit/wall-time';
import type { SentOf } from '../../request';
import type { Stretch } from './conflict-lines';

/** A change as the form holds it: everything is text until it is read. */
export interface DraftForm {
  readonly model: string;
  readonly runbook: string;
  readonly title: string;
  readonly inventory: string;
  readonly limit: string;
  /** Of the clock in the zone of the form: `2026-11-24T22:00`. */
  readonly start: string;
  readonly end: string;
  readonly cutoff: string;
  readonly zone: string;
  readonly description: string;
  readonly reason: string;
  readonly backOutPlan: string;
  readonly testPlan: string;
  readonly implementers: string;
  readonly assignees: string;
  readonly items: string;
  readonly answers: Texts;
  readonly inputs: Texts;
  readonly fields: Texts;
}

/** What the runbook and the model ask for. */
export interface Asked {
  readonly inputs: Declared;
  readonly fields: Declared;
}

/** What is asked for of the API. */
export type Draft = SentOf<'POST /changes'>['draft'];

const optionalTexts = ['inventory', 'description', 'reason', 'backOutPlan', 'testPlan'] as const;
type OptionalText = (typeof optionalTexts)[number];

const texts = ['title', 'model', 'runbook', ...optionalTexts] as const;
const lists = ['limit', 'implementers', 'assignees', 'items'] as const;

/** What an address may fill in: `/changes/new?runbook=shop-release&item=service/shop`. */
export function emptyForm(zone: string, given: { readonly item?: string; readonly runbook?: string } = {}): DraftForm {
  return {
    model: '',
    runbook: given.runbook ?? '',
    title: '',
    inventory: '',
    limit: '',
    start: '',
    end: '',
    cutoff: '',
    zone,
    description: '',
    reason: '',
    backOutPlan: '',
    testPlan: '',
    implementers: '',
    assignees: '',
    items: given.item ?? '',
    answers: {},
    inputs: {},
    fields: {},
  };
}

/** The form of a change that was opened before. */
export function formOf(draft: Json, zone: string): DraftForm {
  const object = objectOf(draft);
  const window = objectOf(object['window']);
  const own = textOf(window['zone']) === '' ? zone : textOf(window['zone']);
  const filled = [
    ...texts.map((name) => [name, textOf(object[name])] as const),
    ...lists.map((name) => [name, listText(object[name], ', ')] as const),
  ];
  return {
    ...emptyForm(own),
    ...Object.fromEntries(filled),
    start: wallOf(window['start'], own),
    end: wallOf(window['end'], own),
    cutoff: textOf(window['cutoff']),
    answers: textsIn(object['answers']),
    inputs: textsIn(object['inputs']),
    fields: textsIn(object['fields']),
  };
}

/** The draft as the API takes it: what is empty is left out of what may be. */
export function draftOf(form: DraftForm, asked: Asked): Draft {
  const { start, end, cutoff, zone } = form;
  const answers = Object.entries(form.answers).filter(([, answer]) => answer !== '');
  return {
    title: form.title.trim(),
    model: form.model.trim(),
    runbook: form.runbook.trim(),
    ...textsOf(form),
    ...listsOf(form),
    ...(answers.length === 0 ? {} : { answers: Object.fromEntries(answers) }),
    ...valuesOf(form, asked),
    window: {
      start: instantOf(start, zone),
      end: instantOf(end, zone),
      ...(cutoff.trim() === '' ? {} : { cutoff: cutoff.trim() }),
      zone,
    },
  };
}

function textsOf(form: DraftForm): Pick<Draft, OptionalText> {
  return Object.fromEntries(
    optionalTexts.map((name) => [name, form[name].trim()] as const).filter(([, text]) => text !== ''),
  );
}

function listsOf(form: DraftForm): Pick<Draft, (typeof lists)[number]> {
  return Object.fromEntries(
    lists.map((name) => [name, itemsIn(form[name])] as const).filter(([, items]) => items.length > 0),
  );
}

function valuesOf(form: DraftForm, asked: Asked): Pick<Draft, 'inputs' | 'fields'> {
  const values = [
    ['inputs', readForm(asked.inputs, form.inputs).values],
    ['fields', readForm(asked.fields, form.fields).values],
  ] as const;
  return Object.fromEntries(values.filter(([, each]) => Object.keys(each).length > 0));
}

/** What is still missing or wrong before the API could judge it, field by field. */
export function draftProblems(form: DraftForm, asked: Asked): Texts {
  const start = instantOf(form.start, form.zone);
  const end = instantOf(form.end, form.zone);
  const problems = {
    ...(form.model === '' ? { model: 'Choose what kind of change it is' } : {}),
    ...(form.runbook.trim() === '' ? { runbook: 'Choose the runbook that carries it out' } : {}),
    ...(form.title.trim() === '' ? { title: 'Say in a few words what changes' } : {}),
    ...(isZone(form.zone) ? {} : { zone: 'There is no such zone: Europe/Berlin, UTC' }),
    ...(start === '' ? { start: 'Say when the window starts' } : {}),
    ...(end === '' ? { end: 'Say when the window ends' } : {}),
    ...(start !== '' && end !== '' && end <= start ? { end: 'The window ends before it starts' } : {}),
  };
  return {
    ...problems,
    ...prefixed('inputs', readForm(asked.inputs, form.inputs).problems),
    ...prefixed('fields', readForm(asked.fields, form.fields).problems),
  };
}

/** Of one part of the form, as its fields know them. */
export function problemsOf(part: 'inputs' | 'fields', problems: Texts): Texts {
  const own = Object.entries(problems).filter(([name]) => name.startsWith(`${part}.`));
  return Object.fromEntries(own.map(([name, problem]) => [name.slice(part.length + 1), problem]));
}

/** When a change is to be carried out: as it is scheduled, or as its draft asks for. */
export function windowOf({ window, draft }: { readonly window: Stretch | null; readonly draft: Json }): Stretch | null {
  if (window !== null) return window;
  const asked = objectOf(objectOf(draft)['window']);
  const [startMs, endMs] = [Date.parse(textOf(asked['start'])), Date.parse(textOf(asked['end']))];
  return Number.isNaN(startMs) || Number.isNaN(endMs) ? null : { startMs, endMs };
}

/** What a page shows of a draft besides its window and targets. */
export function draftIn(draft: Json): {
  readonly runbook: string;
  readonly texts: readonly { readonly title: string; readonly text: string }[];
} {
  const object = objectOf(draft);
  const shown = [
    ['description', 'Description'],
    ['reason', 'Reason'],
    ['backOutPlan', 'Back-out plan'],
    ['testPlan', 'Test plan'],
  ] as const;
  return {
    runbook: textOf(object['runbook']),
    texts: shown.flatMap(([name, title]) => {
      const text = textOf(object[name]);
      return text === '' ? [] : [{ title, text }];
    }),
  };
}

function wallOf(value: Json | undefined, zone: string): string {
  const moment = Date.parse(textOf(value));
  return Number.isNaN(moment) || !isZone(zone) ? '' : wallAt(moment, zone);
}

function prefixed(part: string, problems: Texts): Texts {
  return Object.fromEntries(Object.entries(problems).map(([name, problem]) => [`${part}.${name}`, problem]));
}

function itemsIn(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((item) => item !== '');
}

/** As the fields of the form show values: words line by line, everything nested as JSON. */
function textsIn(values: Json | undefined): Texts {
  return Object.fromEntries(
    Object.entries(objectOf(values)).map(([name, value]) => {
      if (typeof value === 'string') return [name, value];
      const isWords = isList(value) && value.every((item) => typeof item === 'string');
      return [name, isWords ? listText(value, '\n') : JSON.stringify(value)];
    }),
  );
}

function listText(value: Json | undefined, separator: string): string {
  return isList(value) ? value.map(textOf).join(separator) : '';
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function objectOf(value: Json | undefined): JsonObject {
  return isObject(value) ? value : {};
}
