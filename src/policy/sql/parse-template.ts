import { InvalidPolicy } from '../invalid-policy.js';
import { parseRequestPath } from '../matcho/request-path.js';
import type { SqlPart } from './sql-statement.js';

const MAX_PLACEHOLDERS = 100;
const MAX_PATH_LENGTH = 512;
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;

/**
 * Splits a statement at `{{path}}` and `{{!path}}`; it begins and ends with a text, maybe an empty one.
 *
 * @param path where the statement stands, for the issues.
 * @throws InvalidPolicy for braces that are no placeholder, and for too many.
 */
export function parseTemplate(source: string, path: string): readonly SqlPart[] {
  const parts: SqlPart[] = [];
  let end = 0;
  for (const found of source.matchAll(PLACEHOLDER)) {
    parts.push(textPart(source.slice(end, found.index), path));
    parts.push(placeholder(found[1] ?? '', path));
    end = found.index + found[0].length;
  }
  parts.push(textPart(source.slice(end), path));
  if (parts.length > 2 * MAX_PLACEHOLDERS + 1) {
    throw refusal(path, `more than ${MAX_PLACEHOLDERS} placeholders`);
  }
  return parts;
}

function textPart(text: string, path: string): SqlPart {
  if (text.includes('{{') || text.includes('}}')) {
    throw refusal(path, 'a placeholder is written {{path}} or {{!path}}');
  }
  return { kind: 'text', text };
}

function placeholder(written: string, path: string): SqlPart {
  const isRelation = written.startsWith('!');
  const name = (isRelation ? written.slice(1) : written).trim();
  const isPlain = name.length <= MAX_PATH_LENGTH && !/[\s'"\\]/.test(name);
  const steps = isPlain ? parseRequestPath(`.${name}`) : undefined;
  if (!steps) {
    throw refusal(path, `{{${written.slice(0, 80)}}} is no path such as {{params.resource/id}}`);
  }
  return { kind: isRelation ? 'relation' : 'value', path: steps };
}

function refusal(path: string, message: string): InvalidPolicy {
  return new InvalidPolicy([{ path, message }]);
}
