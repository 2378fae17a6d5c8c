import type { Answer } from './fhir-server.js';
import type { Portion } from './portion.js';
import { member } from './resource-entry.js';

/** Something that was not loaded, and why. */
export interface Refusal {
  readonly file: string;
  /** `line 7`, `entry 3`, or `''` for all of the file. */
  readonly place: string;
  readonly target: string;
  /** HTTP status; `undefined` when nothing was sent. */
  readonly status: number | undefined;
  readonly reason: string;
}

/** What became of a portion. */
export interface Outcome {
  /** Types of the resources that were written, each once for each resource. */
  readonly loaded: readonly string[];
  readonly refused: readonly Refusal[];
  /** Whether it may succeed once others are loaded: a condition found no resource, or too many. */
  readonly mayComeLater: boolean;
}

const CONDITION_NOT_MET = 412;
const MAX_REASON = 500;

/** Reads what the server answered to a portion. */
export function outcomeOf(portion: Portion, { status, body }: Answer): Outcome {
  if (status !== 200) {
    const refusal = { file: portion.file, place: portion.part, target: 'the Bundle', status };
    return {
      loaded: [],
      refused: [{ ...refusal, reason: diagnosticsOf(body) }],
      mayComeLater: portion.isTransaction && status === CONDITION_NOT_MET,
    };
  }
  const answers = member(body, 'entry');
  const responses: readonly unknown[] = Array.isArray(answers) ? answers : [];
  const loaded: string[] = [];
  const refused: Refusal[] = [];
  portion.entries.forEach(({ place, target }, at) => {
    const response = member(responses[at], 'response');
    const entryStatus = Number.parseInt(String(member(response, 'status')), 10);
    if (entryStatus >= 200 && entryStatus < 300) loaded.push(typeOf(target));
    else {
      const reason = diagnosticsOf(member(response, 'outcome'));
      refused.push({ file: portion.file, place, target, status: entryStatus, reason });
    }
  });
  return { loaded, refused, mayComeLater: false };
}

function typeOf(target: string): string {
  return target.split(/[/?]/, 1)[0] ?? target;
}

/** What an OperationOutcome says, in a line. */
function diagnosticsOf(outcome: unknown): string {
  const issues = member(outcome, 'issue');
  if (!Array.isArray(issues)) return 'no reason given';
  const texts = issues.map((issue: unknown) => {
    const said = member(issue, 'diagnostics') ?? member(member(issue, 'details'), 'text');
    const code = member(issue, 'code');
    return typeof said === 'string' ? said : typeof code === 'string' ? code : 'no reason given';
  });
  return texts.join('; ').slice(0, MAX_REASON);
}
