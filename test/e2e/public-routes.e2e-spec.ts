import { publicHandlers, servedRoutes, type ServedRoute } from '../support/route-table.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

/** A start makes a database and an application. */
const START_TIMEOUT_MS = 60_000;

/** Open to everybody. A route that is added here is a decision, which its reason must carry. */
const PUBLIC_HANDLERS = {
  'AuthzenConfigurationController.configuration':
    'Enforcement points read it to learn where to ask; it tells what the documentation tells',
  'CapabilityController.metadata':
    'FHIR clients read it to learn how to sign in; it tells what the documentation tells',
  'HealthController.live':
    'Orchestrators probe it without credentials; it tells only that the process answers',
  'HealthController.ready':
    'Load balancers probe it without credentials; it tells only whether requests are served',
};
const PUBLIC_PATHS = [
  '/.well-known/authzen-configuration',
  '/fhir/metadata',
  '/health/live',
  '/health/ready',
];

/** Beside the guard on purpose: the description of the API, which a setting leaves out. */
const DOCS_PATHS = [
  '/docs',
  '/docs/',
  '/docs/*',
  '/docs/LICENSE',
  '/docs/docs/swagger-ui-init.js',
  '/docs/index.html',
  '/docs/openapi.json',
  '/docs/openapi.yaml',
  '/docs/swagger-ui-init.js',
];

const CHALLENGES = 'Bearer realm="fhir", Basic realm="fhir"';
const PLACES: Readonly<Record<string, string>> = {
  ':type': 'Patient',
  ':id': 'some-id',
  ':vid': '1',
  '*': 'nothing/here',
};

const isDocs = ({ path }: ServedRoute) => path === '/docs' || path.startsWith('/docs/');
const isPreflight = ({ method }: ServedRoute) => method === 'OPTIONS';
const isPublic = ({ path }: ServedRoute) => PUBLIC_PATHS.includes(path);

function address({ path }: ServedRoute): string {
  return path.replace(/:\w+|\*/g, (place) => PLACES[place] ?? place);
}

describe('the routes', () => {
  let app: TestApp;
  let routes: readonly ServedRoute[];

  beforeAll(async () => {
    app = await startTestApp();
    routes = servedRoutes(app.nest);
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await app.stop();
  });

  it('that are open are exactly these, for these reasons', () => {
    expect(publicHandlers(app.nest)).toEqual(PUBLIC_HANDLERS);
  });

  it('beside the guard are exactly those of the description', () => {
    const paths = new Set(routes.filter(isDocs).map(({ path }) => path));

    expect([...paths].sort()).toEqual(DOCS_PATHS);
  });

  it('that are open answer without a credential, and say nothing to other methods', async () => {
    for (const path of PUBLIC_PATHS) {
      const methods = routes.filter((route) => route.path === path).map(({ method }) => method);

      expect(methods.toSorted()).toEqual(['GET', 'HEAD']);
      expect((await app.call('GET', path)).status).toBe(200);
      expect((await app.call('HEAD', path)).status).toBe(200);
      for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
        expect([path, method, (await app.call(method, path)).status]).toEqual([path, method, 401]);
      }
    }
  });

  it('of the description answer without a credential', async () => {
    for (const path of ['/docs', '/docs/openapi.json', '/docs/swagger-ui.css']) {
      expect([path, (await app.call('GET', path)).status]).toEqual([path, 200]);
    }
  });

  it('of all other kinds ask everybody for a credential, whatever the method', async () => {
    const guarded = routes.filter(
      (route) => !isDocs(route) && !isPublic(route) && !isPreflight(route),
    );

    const answers = [];
    for (const route of guarded) {
      const { status, headers } = await app.call(route.method, address(route));
      answers.push({ ...route, status, challenge: headers.get('www-authenticate') });
    }

    expect(guarded.length).toBeGreaterThan(100);
    expect(answers).toEqual(
      guarded.map((route) => ({ ...route, status: 401, challenge: CHALLENGES })),
    );
  });

  it('of all other kinds are reached by who may', async () => {
    for (const path of ['/fhir/Patient', '/User', '/fhir/AccessPolicy/root-client']) {
      expect([path, (await app.call('GET', path, { asRoot: true })).status]).toEqual([path, 200]);
    }
  });

  it('include no other OPTIONS than that of CORS, which tells nothing', async () => {
    expect(routes.filter(isPreflight)).toEqual([{ method: 'OPTIONS', path: '*' }]);
    const reply = await app.call('OPTIONS', '/fhir/Patient');

    expect(reply.status).toBe(204);
    expect(reply.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('the description of the API, when it is closed', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp({ WARDGATE_DOCS_PUBLIC: 'false' });
  }, START_TIMEOUT_MS);
  afterAll(async () => {
    await app.stop();
  });

  it('is not there', async () => {
    expect(servedRoutes(app.nest).filter(isDocs)).toEqual([]);
    for (const path of ['/docs', '/docs/openapi.json', '/docs/swagger-ui.css', '/docs/x']) {
      expect([path, (await app.call('GET', path)).status]).toEqual([path, 401]);
      expect([path, (await app.call('GET', path, { asRoot: true })).status]).toEqual([path, 404]);
    }
  });
});
