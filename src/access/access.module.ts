import { Module } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { FhirErrorFilter } from '../errors/fhir-error.filter.js';
import { IdentityModule } from '../identity/identity.module.js';
import { StorageModule } from '../interactions/storage/storage.module.js';
import { IntrospectionModule } from '../introspection/introspection.module.js';
import { AccessPolicyModule } from '../resources/access-policy/access-policy.module.js';
import { ClientModule } from '../resources/client/client.module.js';
import { UserModule } from '../resources/user/user.module.js';
import { AccessGuard } from './access.guard.js';
import { AnswerInterceptor } from './answer.interceptor.js';
import { Authenticator } from './authenticator.js';
import { Authorizer } from './authorizer.js';
import { DecisionLog } from './decision-log.js';
import { RequestReader } from './incoming-request.js';
import { FirstStart } from './first-start/first-start.js';
import { UnknownRouteController } from './unknown-route.controller.js';

/** Enforcement for every route of the application. */
@Module({
  imports: [
    StorageModule,
    IntrospectionModule,
    IdentityModule,
    AccessPolicyModule,
    ClientModule,
    UserModule,
  ],
  controllers: [UnknownRouteController],
  providers: [
    RequestReader,
    Authenticator,
    Authorizer,
    DecisionLog,
    FirstStart,
    AccessGuard,
    { provide: APP_GUARD, useExisting: AccessGuard },
    { provide: APP_INTERCEPTOR, useClass: AnswerInterceptor },
    { provide: APP_FILTER, useClass: FhirErrorFilter },
  ],
})
export class AccessModule {}
