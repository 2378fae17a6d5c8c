import { Buffer } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import { URLSearchParams } from 'node:url';
import { shortAnswer, shortToken } from './shorten.mjs';
import { coloured, print, printProse, waitForEnter } from './terminal.mjs';

const REQUEST_TIMEOUT_MS = 30_000;

/**
 * One request of the demo and the answer that it must get.
 *
 * @typedef {object} Step
 * @property {string} title
 * @property {string} why what to know before reading on
 * @property {string} method
 * @property {string} url absolute, or a path of Wardgate
 * @property {'root' | undefined} [as] the root Client
 * @property {string | undefined} [token] sent as a bearer token
 * @property {string | undefined} [yaml] body
 * @property {Record<string, string> | undefined} [form] body
 * @property {number} status the expected one
 * @property {string | undefined} [says] what the answer must say besides
 * @property {((answer: string) => string) | undefined} [show] what to print of the answer
 * @property {string | undefined} [keepAs] name under which later steps find the answer
 */

/** Shows a request, sends it, shows its answer; tells whether that was the expected one. */
export async function takeStep(step, { number, isStepwise, scene }) {
  print();
  print(coloured('bold', `${number}. ${step.title}`));
  printProse(step.why, 3);
  if (isStepwise) await waitForEnter();
  print();
  printRequest(step);
  const response = await send(step, scene);
  const text = await response.text();
  const isExpected = response.status === step.status && text.includes(step.says ?? '');
  printAnswer(response.status, (step.show ?? shortAnswer)(text), isExpected);
  if (!isExpected) {
    printExpectation(step);
    if (step.keepAs) throw new Error('The demo cannot go on without that answer.');
    return false;
  }
  if (step.keepAs) scene.replies.set(step.keepAs, JSON.parse(text));
  return true;
}

/** Begins a chapter. */
export function printHeading(title) {
  print();
  print(coloured(['bold', 'cyan'], `── ${title} ${'─'.repeat(Math.max(3, 70 - title.length))}`));
}

function printRequest({ method, url, as, token, yaml, form }) {
  print(coloured('cyan', `${method} ${url}`), 3);
  if (as === 'root') print('Authorization: Basic root:…', 3);
  if (token !== undefined) print(`Authorization: Bearer ${shortToken(token)}`, 3);
  if (yaml !== undefined) print(`Content-Type: text/yaml\n\n${yaml.trimEnd()}`, 3);
  if (form !== undefined) {
    const fields = Object.entries(form).map(([name, value]) => `${name}=${value}`);
    print(`Content-Type: application/x-www-form-urlencoded\n\n${fields.join('\n')}`, 3);
  }
}

function printAnswer(status, answer, isExpected) {
  print();
  const line = `${status} ${STATUS_CODES[status] ?? ''}`;
  print(coloured(isExpected ? 'green' : 'red', line), 3);
  if (answer.startsWith('{')) print(answer, 3);
  else printProse(answer, 3);
}

function printExpectation({ status, says }) {
  const content = says === undefined ? '' : ` and an answer that says “${says}”`;
  print(coloured('red', `Expected: ${status}${content}`), 3);
}

function send({ method, url, as, token, yaml, form }, { wardgate }) {
  const headers = {};
  if (as === 'root') {
    const credentials = Buffer.from(`root:${wardgate.rootSecret}`).toString('base64');
    headers.authorization = `Basic ${credentials}`;
  }
  if (token !== undefined) headers.authorization = `Bearer ${token}`;
  if (yaml !== undefined) headers['content-type'] = 'text/yaml';
  return globalThis.fetch(new URL(url, wardgate.baseUrl), {
    method,
    headers,
    body: yaml ?? (form && new URLSearchParams(form)),
    signal: globalThis.AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
}
