import { Injectable } from '@nestjs/common';
import { FhirError } from '../../errors/fhir-error.js';
import { IdentityCheck } from '../../identity/check/identity-check.js';
import { ProviderCheck } from '../../identity/check/provider-check.js';
import { CHECK_STEPS, type CheckStep } from '../../introspection/check/check-step.js';
import { IntrospectorCheck } from '../../introspection/check/introspector-check.js';
import type { TokenView } from '../../introspection/check/token-view.js';
import { IntrospectorSource } from '../../introspection/introspector-source.js';
import type { TokenIntrospector } from '../../resources/token-introspector/token-introspector.js';
import { TokenIntrospectorService } from '../../resources/token-introspector/token-introspector.service.js';

/** What a check answers. */
export interface CheckAnswer {
  /** Id of the introspector. */
  readonly introspector: string;
  /** Whether no step failed: a token that was tried would be accepted. */
  readonly ok: boolean;
  readonly token?: Partial<TokenView>;
  readonly steps: readonly CheckStep[];
}

const MAX_RUNNING = 8;

/** A check of the introspector is under way, or too many of others are: 429. */
export class CheckUnderWay extends FhirError {
  readonly status = 429;
  override readonly headers = { 'Retry-After': '1' };

  constructor() {
    super([
      { code: 'throttled', diagnostics: 'A check is under way; try again when it has ended' },
    ]);
  }
}

/** Checks introspectors, one at a time each, so that the route is no means to flood an issuer. */
@Injectable()
export class IntrospectorChecks {
  private readonly running = new Set<string>();

  constructor(
    private readonly resources: TokenIntrospectorService,
    private readonly source: IntrospectorSource,
    private readonly tokens: IntrospectorCheck,
    private readonly identities: IdentityCheck,
    private readonly providers: ProviderCheck,
  ) {}

  /**
   * @param token tried as well, when given; neither kept nor logged nor answered
   * @throws NotFound, Gone, CheckUnderWay
   */
  async run(id: string, token?: string): Promise<CheckAnswer> {
    const introspector = await this.introspector(id);
    if (this.running.has(id) || this.running.size >= MAX_RUNNING) throw new CheckUnderWay();
    this.running.add(id);
    try {
      return await this.check(introspector, token);
    } finally {
      this.running.delete(id);
    }
  }

  private async check(introspector: TokenIntrospector, token?: string): Promise<CheckAnswer> {
    const findings = await this.tokens.run(introspector, token);
    const user = findings.vouched ? await this.identities.steps(findings.vouched) : [];
    const steps = [...findings.steps, ...this.providers.steps(introspector), ...user];
    return {
      introspector: introspector.id,
      ok: steps.every(({ status }) => status !== 'failed'),
      ...(findings.token ? { token: findings.token } : {}),
      steps: steps.toSorted((one, other) => rank(one) - rank(other)),
    };
  }

  private async introspector(id: string): Promise<TokenIntrospector> {
    const known = this.source.all().find((introspector) => introspector.id === id);
    if (known) return known;
    await this.resources.read(id);
    // Stored between the two looks; memory follows before the next request.
    throw new CheckUnderWay();
  }
}

function rank({ step }: CheckStep): number {
  return CHECK_STEPS.indexOf(step);
}
