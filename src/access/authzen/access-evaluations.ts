import { setImmediate as nextTurn } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { BadRequest, FhirError } from '../../errors/fhir-error.js';
import type { AccessRequest } from '../../policy/access-request.js';
import type { Decision } from '../../policy/decide.js';
import type { PolicySet } from '../../policy/index/policy-set.js';
import { isArray, isObject, own, type Json } from '../../policy/json.js';
import { PolicyRegistry } from '../../resources/access-policy/policy-registry.js';
import { RouteTable } from '../routes/route-table.js';
import { evaluatedRequest } from './evaluated-request.js';
import { EvaluatedSubjects, NOBODY_KNOWN } from './evaluated-subject.js';
import {
  answerOf,
  denied,
  failed,
  type EvaluationAnswer,
  type EvaluationsAnswer,
} from './evaluation-answer.js';
import { EvaluationRules } from './evaluation-rules.js';
import { evaluatedTarget } from './evaluated-target.js';
import type { EvaluationAsker } from './evaluation-log.js';
import { EvaluationRecord } from './evaluation-record.js';
import { isMalformed, readEvaluation, type Evaluation } from './evaluation.js';
import { MAX_REPEATED_VALUES, repeatsTooMuch } from './repeated-defaults.js';

/** Most evaluations that one request may ask for. */
export const MAX_EVALUATIONS = 100;

const SEMANTICS = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const;
type Semantic = (typeof SEMANTICS)[number];

/** What the evaluations of one request have in common. */
interface Asking {
  readonly asker: EvaluationAsker;
  readonly policies: PolicySet;
  /** However many there are, SQL has the time that one decision has. */
  readonly budget: object;
}

/** The decision point as OpenID AuthZEN 1.0 asks it. Answers are decisions, and never take effect here. */
@Injectable()
export class AccessEvaluations {
  constructor(
    private readonly policies: PolicyRegistry,
    private readonly subjects: EvaluatedSubjects,
    private readonly table: RouteTable,
    private readonly rules: EvaluationRules,
    private readonly record: EvaluationRecord,
  ) {}

  /** @throws BadRequest 400 for what is no Access Evaluation Request. */
  async evaluate(source: Json, asker: EvaluationAsker): Promise<EvaluationAnswer> {
    const evaluation = readEvaluation(source);
    if (isMalformed(evaluation)) {
      throw new BadRequest(evaluation.problem, 'required', evaluation.expression);
    }
    return this.answer(evaluation, this.asking(asker));
  }

  /**
   * Several evaluations, decided by the policies of one moment; without any, the request is one itself.
   *
   * @throws BadRequest 400 for what is no Access Evaluations Request. A single evaluation that is
   * malformed is answered as denied in its place.
   */
  async evaluateAll(
    source: Json,
    asker: EvaluationAsker,
  ): Promise<EvaluationAnswer | EvaluationsAnswer> {
    const items = itemsOf(source);
    const semantic = semanticOf(source);
    if (items.length === 0) return this.evaluate(source, asker);
    const asking = this.asking(asker);
    const evaluations: EvaluationAnswer[] = [];
    for (const item of items) {
      const answer = await this.answerOrError(item, source, asking);
      evaluations.push(answer);
      if (endsAt(answer, semantic)) break;
      // Others' requests get their turn between the evaluations of a large batch.
      await nextTurn();
    }
    return { evaluations };
  }

  private async answerOrError(
    item: Json,
    defaults: Json,
    asking: Asking,
  ): Promise<EvaluationAnswer> {
    const evaluation = readEvaluation(item, defaults);
    if (isMalformed(evaluation)) return failed(400, evaluation.problem);
    try {
      return await this.answer(evaluation, asking);
    } catch (error) {
      if (!(error instanceof FhirError) || error.status >= 500) throw error;
      return failed(400, error.message);
    }
  }

  private asking(asker: EvaluationAsker): Asking {
    return { asker, policies: this.policies.current(), budget: {} };
  }

  private async answer(evaluation: Evaluation, asking: Asking): Promise<EvaluationAnswer> {
    const target = evaluatedTarget(evaluation, this.table);
    const subject = await this.subjects.of(evaluation.subject);
    const request = evaluatedRequest(evaluation, target, subject ?? NOBODY_KNOWN);
    const administration = this.rules.needsAdministration(target);
    const closed = subject
      ? this.rules.outcomeWithoutPolicies(target, subject)
      : denied('subject-unresolved');
    const decision = closed ? undefined : await this.decided(request, administration, asking);
    const answer = closed ?? this.answerOf(decision, asking);
    this.record.keep({ ...asking, evaluation, request, answer, decision, administration });
    return answer;
  }

  private decided(
    request: AccessRequest,
    administration: boolean,
    { policies, budget }: Asking,
  ): Decision | Promise<Decision> {
    const options = { administration, sql: this.policies.sql, budget };
    return policies.decide(request, options);
  }

  private answerOf(decision: Decision | undefined, { budget }: Asking): EvaluationAnswer {
    if (!decision) return denied('no-policy');
    const isOpen = decision.considered.some(({ outcome }) => outcome === 'error');
    const isCutShort = decision.effect === 'deny' && isOpen && this.policies.sql.isSpent(budget);
    return isCutShort ? denied('unavailable') : answerOf(decision);
  }
}

function itemsOf(source: Json): readonly Json[] {
  if (!isObject(source)) throw new BadRequest('The body must be an object');
  const items = own(source, 'evaluations') ?? [];
  if (!isArray(items) || items.length > MAX_EVALUATIONS) {
    throw new BadRequest(
      `evaluations must be a list of at most ${MAX_EVALUATIONS}`,
      'invalid',
      'evaluations',
    );
  }
  if (repeatsTooMuch(source, items)) {
    throw new BadRequest(
      `Defaults may stand for at most ${MAX_REPEATED_VALUES} values in all evaluations together`,
      'too-costly',
    );
  }
  return items;
}

function semanticOf(source: Json): Semantic {
  const options = own(source, 'options') ?? {};
  if (!isObject(options)) throw new BadRequest('options must be an object', 'invalid', 'options');
  const given = own(options, 'evaluations_semantic') ?? 'execute_all';
  const semantic = SEMANTICS.find((known) => known === given);
  if (semantic !== undefined) return semantic;
  throw new BadRequest(
    `options.evaluations_semantic is one of ${SEMANTICS.join(', ')}`,
    'invalid',
    'options.evaluations_semantic',
  );
}

function endsAt({ decision }: EvaluationAnswer, semantic: Semantic): boolean {
  switch (semantic) {
    case 'execute_all':
      return false;
    case 'deny_on_first_deny':
      return !decision;
    case 'permit_on_first_permit':
      return decision;
  }
}
