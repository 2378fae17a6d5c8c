import { Module } from '@nestjs/common';
import { IntrospectionModule } from '../introspection/introspection.module.js';
import { AccessPolicyModule } from '../resources/access-policy/access-policy.module.js';
import { ClientModule } from '../resources/client/client.module.js';
import { IdentityProviderModule } from '../resources/identity-provider/identity-provider.module.js';
import { UserModule } from '../resources/user/user.module.js';
import { IdentityCheck } from './check/identity-check.js';
import { ProviderCheck } from './check/provider-check.js';
import { EmailLink } from './email-link.js';
import { IdentityResolver } from './identity-resolver.js';
import { JustInTime } from './just-in-time.js';
import { ServiceAccountClients } from './service-account-clients.js';
import { UserCreation } from './user-creation.js';
import { UserMetrics } from './user-metrics.js';
import { UserProfiles } from './user-profiles.js';
import { UserRefresh } from './user-refresh.js';
import { UserResolver } from './user-resolver.js';

/** Claims → Caller. Expects `IdentitySettings`. */
@Module({
  imports: [
    IntrospectionModule,
    AccessPolicyModule,
    ClientModule,
    IdentityProviderModule,
    UserModule,
  ],
  providers: [
    IdentityResolver,
    UserResolver,
    JustInTime,
    UserCreation,
    UserRefresh,
    UserProfiles,
    UserMetrics,
    EmailLink,
    ServiceAccountClients,
    IdentityCheck,
    ProviderCheck,
  ],
  exports: [IdentityResolver, IdentityCheck, ProviderCheck],
})
export class IdentityModule {}
