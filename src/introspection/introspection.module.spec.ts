import { CacheModule } from '@nestjs/cache-manager';
import { Global, Module } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import {
  BEARER,
  TestIntrospectionSettings,
  TestIntrospectors,
  TestUsedProofs,
} from '../../test/support/introspection-fixture.js';
import { accessClaims, secretKey, signJwt } from '../../test/support/token-signer.js';
import { MetricsModule } from '../metrics/metrics.module.js';
import { IntrospectionModule } from './introspection.module.js';
import { IntrospectionSettings } from './introspection-settings.js';
import { IntrospectorRouter } from './introspector-router.js';
import { IntrospectorSource } from './introspector-source.js';
import { UsedProofs } from './possession/used-proofs.js';

const source = new TestIntrospectors();

@Global()
@Module({
  providers: [
    { provide: IntrospectorSource, useValue: source },
    { provide: UsedProofs, useClass: TestUsedProofs },
    { provide: IntrospectionSettings, useValue: new TestIntrospectionSettings() },
  ],
  exports: [IntrospectorSource, UsedProofs, IntrospectionSettings],
})
class SurroundingsModule {}

it('is put together from the introspectors, the settings and the cache around it', async () => {
  const module = await Test.createTestingModule({
    imports: [
      CacheModule.register({ isGlobal: true }),
      MetricsModule,
      SurroundingsModule,
      IntrospectionModule,
    ],
  }).compile();
  const jwt = { iss: 'https://auth.example.com', secret: 'very-secret' };
  source.set({ id: 'a', type: 'jwt', jwt });
  const introspect = (nowMs: number) => {
    const token = signJwt(secretKey('very-secret'), accessClaims(jwt.iss, nowMs));
    return module.get(IntrospectorRouter).introspect(token, BEARER);
  };

  await expect(introspect(Date.now())).resolves.toMatchObject({
    active: true,
    claims: { sub: 'some-user-id' },
  });
  await expect(introspect(Date.now() - 3_600_000)).resolves.toMatchObject({
    refusals: [{ code: 'expired' }],
  });
  await module.close();
});
