import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../policy/json.js';
import { ClientRegistry } from '../../resources/client/client-registry.js';
import { UserPages } from '../../resources/user/user-pages.js';
import { invalidInput } from '../designing/invalid-input.js';
import { Allowance } from '../allowance.js';
import { ANYBODY, clientSubject, userSubject, type Subject } from './subject.js';
import { SupposedDecisions } from './supposed-decision.js';

const PAGE = 200;
const MAX_ALLOWED = 1_000;
const CURSOR = /^(anonymous|(?:Client|User)\/(?:[A-Za-z0-9\-.]{1,64})?)$/;
/** What the question is about, and so cannot be part of it. */
const SUBJECT = ['user', 'user-id', 'client', 'client-id', 'role', 'session'] as const;

/** Answers who may send a request, among those that exist. */
@Injectable()
export class WhoMay {
  constructor(
    private readonly decisions: SupposedDecisions,
    private readonly clients: ClientRegistry,
    private readonly users: UserPages,
  ) {}

  /**
   * Everybody whom the policies of this moment allow the request: anybody, Clients and Users that are
   * active, in this order, each with the policy that would decide.
   *
   * @param after whom to go on after, as an answer that was cut says in `next`
   * @throws InvalidResource 422 for what no request could be.
   */
  async answer(request: JsonObject, after: string | undefined): Promise<JsonObject> {
    checkQuestion(request, after);
    const policies = this.decisions.policiesNow();
    const allowance = new Allowance();
    const allowed: JsonObject[] = [];
    let judged = 0;
    let last = after;
    for await (const subject of this.subjects(after ?? '')) {
      if (allowance.isSpent || allowed.length >= MAX_ALLOWED) {
        return { allowed, judged, complete: false, next: last ?? null };
      }
      const supposed = await this.decisions.decide(request, subject, policies);
      const { decision, lacksAdministrator } = supposed;
      if (decision.effect === 'allow' && !lacksAdministrator) {
        allowed.push({ subject: subject.name, policy: decision.policyId });
      }
      judged += 1;
      last = subject.name;
      await allowance.share();
    }
    return { allowed, judged, complete: true };
  }

  private async *subjects(after: string): AsyncGenerator<Subject> {
    const [type, id = ''] = after.split('/', 2);
    if (type === '') yield ANYBODY;
    if (type !== 'User') yield* this.activeClients(id);
    yield* this.activeUsers(type === 'User' ? id : '');
  }

  private *activeClients(after: string): Generator<Subject> {
    for (const client of this.clients.after(after)) if (client.active) yield clientSubject(client);
  }

  private async *activeUsers(after: string): AsyncGenerator<Subject> {
    let page = await this.users.after(after, PAGE);
    for (let end = page.at(-1); end; end = page.at(-1)) {
      for (const user of page) if (!user.inactive) yield userSubject(user);
      page = page.length < PAGE ? [] : await this.users.after(end.id, PAGE);
    }
  }
}

function checkQuestion(request: JsonObject, after: string | undefined): void {
  const given = SUBJECT.find((name) => Object.hasOwn(request, name));
  if (given !== undefined) throw invalidInput(`request.${given}`, 'is what is asked for');
  if (after !== undefined && !CURSOR.test(after)) throw invalidInput('after', 'is no cursor');
}
