import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RouteTable } from '../../src/access/routes/route-table.js';
import { registeredRoutes } from '../../src/access/routes/registered-routes.js';
import { controllersOf } from '../../src/app.controllers.js';
import { AppModule } from '../../src/app.module.js';
import { readConfig } from '../../src/config/read-config.js';
import { startTestApp, type TestApp } from '../support/test-app.js';

const ROOT = join(import.meta.dirname, '../..');
const COMMAND = join(ROOT, 'scripts/policy.mjs');
const SAMPLE = join(ROOT, 'docs/examples/policies');

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface ReportedIssue {
  readonly code: string;
  readonly diagnostics: string;
  readonly expression?: string;
}

interface ReportedPolicy {
  readonly id: string;
  readonly outcome: string;
  readonly issues: readonly ReportedIssue[];
  readonly warnings: readonly { readonly code: string; readonly message: string }[];
  readonly tests: readonly {
    readonly outcome: string;
    readonly issues: readonly ReportedIssue[];
  }[];
}

interface RefusalVector {
  readonly policy: { readonly resourceType?: string; readonly engine?: unknown };
}

interface JsonReport {
  readonly passed: boolean;
  readonly files: readonly { readonly policies: readonly ReportedPolicy[] }[];
}

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'wardgate-policy-command-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Runs the command as a shell would, in the folder of the policies. */
async function run(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [COMMAND, ...words], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...env },
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (said.stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (said.stderr += chunk.toString()));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, ...said };
}

const write = (name: string, value: unknown): Promise<void> =>
  writeFile(join(folder, name), JSON.stringify(value));

describe('the command that tests policies', () => {
  it('passes the sample, strictly, and says of each test that it passed', async () => {
    const { status, stdout, stderr } = await run(['test', '--strict', SAMPLE]);

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('ok      patient-reads-own-record');
    expect(stdout).toContain('ok      "nobody records in the name of another"');
    expect(stdout).toMatch(
      /Policies: 4 passed, 0 failed, 0 not run\nTests: {4}11 passed, 0 failed/,
    );
  });

  it('fails with what was expected, what came and where', async () => {
    await copyFile(join(SAMPLE, 'own-record.yaml'), join(folder, 'good.yaml'));
    const sample = await readFile(join(SAMPLE, 'own-record.yaml'), 'utf8');
    const slip = sample.replace('.user.data.patient\n', '.user.data.patients\n');
    await mkdir(join(folder, 'more'));
    await writeFile(
      join(folder, 'more/bad.yaml'),
      slip.replace('id: patient-reads', 'id: bad-reads'),
    );

    const { status, stdout } = await run(['test', '.']);

    expect(status).toBe(1);
    expect(stdout).toContain(
      'AccessPolicy.tests[0]: test "a patient reads their own record": expected allow, but at ' +
        'params.resource/id it wants ".user.data.patients" and gets "p1"',
    );
    expect(stdout).toMatch(/ok {6}patient-reads-own-record\n[^]*FAILED {2}bad-reads-own-record\n/);
    expect(stdout).toMatch(/Policies: 1 passed, 1 failed, 0 not run/);
  });

  it('is about administration as the server is', async () => {
    const request = { uri: '/User/u1', 'request-method': 'get', jwt: { iss: 'x' } };
    await write('a.json', {
      engine: 'matcho',
      matcho: { jwt: { iss: 'x' } },
      tests: [{ name: 'reads users', expect: 'allow', request }],
    });

    expect((await run(['test', 'a.json'])).stdout).toContain('the request is administration');
    const lenient = { BOX_SECURITY_STRICT_ADMINISTRATION: 'false' };
    expect((await run(['test', 'a.json'], lenient)).status).toBe(0);
  });

  it('writes the report to a file, and the text to the terminal', async () => {
    const { status, stdout } = await run([
      'test',
      SAMPLE,
      '--format',
      'junit',
      '--output',
      'out.xml',
    ]);

    expect(status).toBe(0);
    expect(stdout).toContain('Passed');
    const report = await readFile(join(folder, 'out.xml'), 'utf8');
    expect(report).toContain('<testsuites name="wardgate policies" tests="15" failures="0"');
  });

  it('takes names from where npm was called', async () => {
    await write('a.json', { engine: 'allow', link: [{ reference: 'User/u' }] });
    const npm = { npm_package_json: join(ROOT, 'package.json'), INIT_CWD: folder };

    expect((await run(['test', 'a.json'], npm)).status).toBe(0);
    expect((await run(['test', 'a.json'], { ...npm, INIT_CWD: tmpdir() })).status).toBe(2);
  });

  it.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
    ['an unknown option', ['test', '--stric', SAMPLE], {}, "Unknown option '--stric'"],
    ['no name', ['test'], {}, 'Usage: npm run policy'],
    ['a name that leads nowhere', ['test', 'gone'], {}, 'gone cannot be found (ENOENT)'],
    ['a folder without policies', ['test', '.'], {}, 'No AccessPolicy in .'],
    ['an output that cannot be', ['test', SAMPLE, '--output', 'no/where'], {}, 'cannot be written'],
    ['settings that no server takes', ['test', SAMPLE], { BOX_WEB_PORT: 'x' }, 'BOX_WEB_PORT'],
  ])('ends with 2 for %s', async (_what, words, env, message) => {
    const { status, stdout, stderr } = await run(words, env);

    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
    expect(stderr).not.toContain('    at ');
  });

  it('shows its usage', async () => {
    await expect(run(['--help'])).resolves.toMatchObject({ status: 0, stderr: '' });
  });
});

describe('what it says', () => {
  let app: TestApp;

  beforeAll(async () => {
    app = await startTestApp();
  });
  afterAll(async () => {
    await app.stop();
  });

  async function reported(policies: readonly unknown[]): Promise<readonly ReportedPolicy[]> {
    await write('policies.json', policies);
    const { stdout } = await run(['test', 'policies.json', '--format', 'json']);
    return (JSON.parse(stdout) as JsonReport).files.flatMap((file) => file.policies);
  }

  /** The issues that a write is refused with; none when it is accepted. */
  async function refusals(id: string, policy: object): Promise<readonly ReportedIssue[]> {
    const { status, json } = await app.call('PUT', `/fhir/AccessPolicy/${id}`, {
      asRoot: true,
      body: policy,
    });
    if (status === 200 || status === 201) return [];
    const issues = json?.['issue'] as (ReportedIssue & { expression?: [string] })[];
    return issues.map(({ code, diagnostics, expression }) => ({
      code,
      diagnostics,
      ...(expression ? { expression: expression[0] } : {}),
    }));
  }

  it('is what the server says, of every kind of invalid policy', async () => {
    const file = join(ROOT, 'test/vectors/policies/refusals.json');
    const vectors = JSON.parse(await readFile(file, 'utf8')) as RefusalVector[];
    const policies = vectors
      .map(({ policy }, at) => ({ resourceType: 'AccessPolicy', ...policy, id: `refused-${at}` }))
      // Of SQL the database has a say, and other types are no policies.
      .filter(({ resourceType, engine }) => resourceType === 'AccessPolicy' && engine !== 'sql');

    const said = await reported(policies);

    let refused = 0;
    for (const [index, { id, ...policy }] of policies.entries()) {
      const { outcome, issues } = said[index] ?? {};
      const expected = await refusals(id, policy);
      // The id of the URL made a valid policy of one that is refused for its own.
      const isRefused = expected.length > 0;
      refused += isRefused ? 1 : 0;
      expect({ id, outcome, issues }).toEqual({
        id,
        outcome: isRefused ? 'failed' : 'passed',
        issues: expected,
      });
    }
    expect(refused).toBeGreaterThan(20);
  });

  it('is what the server says of tests that fail, and of doubtful policies', async () => {
    const test = (name: string, expected: string, uri: unknown) => ({
      name,
      expect: expected,
      request: { uri, user: { id: 'u1' } },
    });
    const failing = {
      id: 'failing',
      engine: 'matcho',
      matcho: { operation: { id: 'FhirReed' }, params: { 'resource/id': 'p1' } },
      tests: [
        test('a', 'allow', '/fhir/Patient/p1'),
        test('b', 'deny', '/fhir/Patient/p1'),
        test('c', 'deny', 5),
      ],
    };
    const doubtful = { ...failing, id: 'doubtful', tests: [] };

    const [first, second] = await reported([failing, doubtful]);

    expect(first?.tests.map(({ outcome }) => outcome)).toEqual(['failed', 'passed', 'failed']);
    expect(first?.tests.flatMap(({ issues }) => issues)).toEqual(
      await refusals('failing', failing),
    );
    const reply = await app.put('/fhir/AccessPolicy/doubtful', doubtful);
    const warnings = second?.warnings.map(({ code, message }) => `${code}: ${message}`) ?? [];
    expect(warnings).toEqual([expect.stringContaining('unknown-operation')]);
    expect(reply.headers.get('warning')).toContain(warnings[0]?.replaceAll('"', '\\"'));
  });

  it('is about the routes that the server has', () => {
    const config = AppModule.configure(readConfig({}), { url: 'postgres://localhost/none' });
    const asShown = (table: ReturnType<typeof registeredRoutes>) =>
      table
        .map(({ method, path, route }) => `${method} ${path} ${route.operation ?? '-'}`)
        .toSorted();

    const served = app.nest.get(RouteTable).routes();
    expect(served.length).toBeGreaterThan(100);
    expect(asShown(registeredRoutes(controllersOf(config)))).toEqual(asShown(served));
  });
});
