import { TestEnvironment } from 'jest-environment-node';
import { basename } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { differencesIn } from './differences.mjs';

/**
 * Where tests go through a gateway: those that are listed must fail, as it is said there, and all others
 * must pass.
 */
export default class ThroughGatewayEnvironment extends TestEnvironment {
  #differences;

  constructor(config, context) {
    super(config, context);
    this.#differences = differencesIn(basename(context.testPath, '.e2e-spec.ts'));
  }

  handleTestEvent(event, { rootDescribeBlock }) {
    if (event.name === 'run_start') this.#demandListed(rootDescribeBlock);
    if (event.name === 'test_done') this.#turnAround(event.test);
  }

  /** A name that leads nowhere would say of a test what nobody asks any more. */
  #demandListed(rootDescribeBlock) {
    const known = new Set(testsOf(rootDescribeBlock).map(fullName));
    const unknown = [...this.#differences.keys()].filter((name) => !known.has(name));
    if (unknown.length > 0) {
      throw new Error(`Listed in differences.json, but no test: ${unknown.join('; ')}`);
    }
  }

  #turnAround(test) {
    const shown = this.#differences.get(fullName(test));
    if (shown === undefined || test.mode === 'skip') return;
    if (test.errors.length === 0) {
      test.errors.push(new Error('It passes through the gateway: no difference any more'));
      return;
    }
    const isAsListed = test.errors.every((error) => textOf(error).includes(shown));
    if (isAsListed) test.errors.length = 0;
  }
}

function testsOf(block) {
  return block.children.flatMap((child) => (child.type === 'test' ? [child] : testsOf(child)));
}

/** As Jest's reports have it: all names from the outermost, without that of the root. */
function fullName({ name, parent }) {
  return parent?.parent === undefined ? name : `${fullName(parent)} ${name}`;
}

/** What was thrown, or that and where it was asked for. */
function textOf(error) {
  const [thrown] = Array.isArray(error) ? error : [error];
  return stripVTControlCharacters(String(thrown?.message ?? thrown));
}
