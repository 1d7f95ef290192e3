// A phone with Collect, on the XForms engine of ODK Web Forms: one line of JSON says which form of
// which server to fill in and how; the line that answers says what came of it.
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import '../node/window.mjs';

const { loadForm } = await import('@getodk/xforms-engine');

const parsed = (xml) => new DOMParser().parseFromString(xml, 'text/xml');
const said = (parent, name) => parent.getElementsByTagName(name)[0]?.textContent;
const md5 = (bytes) => `md5:${createHash('md5').update(bytes).digest('hex')}`;

/** The bytes at an address, which must have the hash that was announced. */
async function download(url, hash) {
  const answer = await fetch(url);
  const bytes = Buffer.from(await answer.arrayBuffer());
  if (answer.headers.get('X-OpenRosa-Version') !== '1.0') throw new Error('no OpenRosa');
  if (hash && md5(bytes) !== hash) throw new Error(`${url} is not what was announced`);
  return bytes;
}

/** The forms that the server lists, by id. */
async function listed(server) {
  const list = parsed((await download(`${server}/formList`)).toString());
  const forms = [...list.getElementsByTagName('xform')];
  return Object.fromEntries(forms.map((form) => [said(form, 'formID'), form]));
}

/** The files of a form, by name. */
async function filesOf(form) {
  const url = said(form, 'manifestUrl');
  if (!url) return {};
  const files = [...parsed((await download(url)).toString()).getElementsByTagName('mediaFile')];
  const each = files.map(async (file) => [
    said(file, 'filename'),
    await download(said(file, 'downloadUrl'), said(file, 'hash')),
  ]);
  return Object.fromEntries(await Promise.all(each));
}

/** The form as the engine loads it; whatever it warns of is an error here. */
async function loaded(form) {
  const files = await filesOf(form);
  const xml = (await download(said(form, 'downloadUrl'), said(form, 'hash'))).toString();
  const fetchFormAttachment = async (url) => {
    const body = files[decodeURIComponent(url.pathname).split('/').at(-1)];
    return new Response(body, { headers: { 'Content-Type': 'text/csv' } });
  };
  const result = await loadForm(xml, { fetchFormAttachment });
  if (result.status !== 'success') {
    throw new Error(`${result.status}: ${result.error?.message} ${JSON.stringify(result.warnings)}`);
  }
  return result;
}

/** The questions below a node, without the pages they stand on. */
function below(node) {
  const children = node.currentState.children ?? [];
  return children.flatMap((child) => (child.nodeType === 'group' ? below(child) : [child]));
}

/** The question at a path such as `parties.1.group_id`. */
function question(root, path) {
  const steps = path.split('.');
  const found = steps.reduce((node, step) => (/^\d+$/.test(step)
    ? node.currentState.children[Number(step)]
    : below(node).find((child) => child.definition.nodeset.endsWith(`/${step}`))), root);
  if (!found) throw new Error(`no question at ${path}`);
  return found;
}

/** Answer as a person would: what is chosen from is chosen by what it says. */
function answer(node, value) {
  if (node.nodeType !== 'select') return node.setValue(value);
  const wanted = [value].flat();
  const options = node.currentState.valueOptions;
  const values = wanted.map((label) => {
    const option = options.find((each) => each.label.asString === label);
    if (!option) throw new Error(`${label} is not offered`);
    return option.value;
  });
  return node.selectValues(values);
}

/** Send a filled form as Collect does, as often as asked; what the phone shows each time. */
async function send(server, data, times) {
  const head = await fetch(`${server}/submission`, { method: 'HEAD' });
  if (head.status !== 204) throw new Error('this is no OpenRosa endpoint');
  const messages = [];
  for (let i = 0; i < times; i += 1) {
    const posted = await fetch(`${server}/submission`, { method: 'POST', body: data });
    if (posted.status !== 201) throw new Error(`refused: ${posted.status} ${await posted.text()}`);
    messages.push(said(parsed(await posted.text()), 'message'));
  }
  return messages;
}

/** Fill in a form, afresh or as an edit of XML sent before; send it when nothing is wrong. */
async function fill({ server, form, answers, edits, language, times = 1 }) {
  const engine = await loaded((await listed(server))[form]);
  const { root } = edits === undefined
    ? engine.createInstance()
    : await engine.editInstance({
      inputType: 'FORM_INSTANCE_INPUT_RESOLVABLE',
      resolveInstance: () => edits,
      attachments: new Map(),
    });
  if (language) root.setLanguage(root.languages.find((each) => each.language === language));
  for (const [path, value] of Object.entries(answers)) answer(question(root, path), value);
  const { data: [data], violations } = await root.prepareInstancePayload({
    payloadType: 'monolithic',
  });
  const wrong = (violations ?? []).map((each) => each.reference);
  return {
    wrong,
    why: (violations ?? []).map((each) => each.violation.message?.asString),
    read: below(root).flatMap(({ currentState: { label, hint } }) => [label, hint])
      .filter(Boolean).map((text) => text.asString),
    languages: root.languages.map((each) => each.language),
    xml: await data.get('xml_submission_file').text(),
    messages: wrong.length ? [] : await send(server, data, times),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const told = await fill(JSON.parse(line)).then(
    (done) => ({ answer: done }),
    (error) => ({ error: error.stack }),
  );
  console.log(JSON.stringify(told));
}
process.exit(0);
