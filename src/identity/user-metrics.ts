import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { MetricsRegistry } from '../metrics/metrics-registry.js';
import type { IdentityProvider } from '../resources/identity-provider/identity-provider.js';

/** What became of a User that a token of an identity provider spoke for. */
export type ProvisioningOutcome = 'created' | 'linked' | 'refreshed' | 'unchanged' | 'failed';

/** Counts the Users that identity providers create, link and refresh, by provider and outcome. */
@Injectable()
export class UserMetrics {
  private readonly users: Counter<'identity_provider' | 'outcome'>;

  constructor(registry: MetricsRegistry) {
    this.users = new Counter({
      name: 'wardgate_users_provisioned_total',
      help: 'Users that tokens created, linked by e-mail or refreshed; unchanged and failed are refreshes',
      labelNames: ['identity_provider', 'outcome'],
      registers: [registry],
    });
  }

  count({ id }: Pick<IdentityProvider, 'id'>, outcome: ProvisioningOutcome): void {
    this.users.inc({ identity_provider: id, outcome });
  }
}
