import type { Answer } from '../../interactions/http/answer.js';

/** 200 with a value that is not stored anywhere, and must not be: it speaks of this very moment. */
export function jsonAnswer(value: object): Answer {
  return { status: 200, headers: { 'cache-control': 'no-store' }, text: JSON.stringify(value) };
}
