import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_BODY_LIMITS } from '../interactions/formats/body-limits.js';
import { PostgresParser } from '../resources/access-policy/sql/postgres-parser.js';
import type { KnownServer } from './check-policy.js';
import type { Report } from './report.js';
import { testPolicies, type TestSettings } from './test-policies.js';

const tested = (id: string, expect: 'allow' | 'deny', more = ''): string =>
  `{resourceType: AccessPolicy, id: ${id}, engine: matcho, matcho: {uri: /a}, link: [{reference: User/u}], ${more}
    tests: [{name: t, expect: ${expect}, request: {uri: /a, user: {id: u}}}]}`;

describe('testPolicies', () => {
  let folder: string;
  let server: KnownServer;

  beforeAll(async () => {
    const parser = await PostgresParser.load();
    server = {
      requests: {
        operations: () => new Set(['FhirRead']),
        complete: (request) => ({ request, isAdministration: false }),
      },
      sql: { relations: new Set(['patient']), parse: (text) => parser.parse(text) },
    };
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wardgate-policies-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
  const run = (more: Partial<TestSettings> = {}): Promise<Report> =>
    testPolicies([folder], {
      server,
      limits: DEFAULT_BODY_LIMITS,
      otherTypes: new Set(['User']),
      isStrict: false,
      ...more,
    });
  const outcomes = (report: Report): readonly string[] =>
    report.files.flatMap(({ policies }) =>
      policies.map(({ id, outcome }) => `${id ?? '-'} ${outcome}`),
    );
  const issues = (report: Report): readonly string[] =>
    report.files.flatMap(({ policies }) =>
      policies.flatMap((policy) =>
        policy.issues.map(({ expression, diagnostics }) => `${expression ?? ''}: ${diagnostics}`),
      ),
    );

  it('tells tests that pass from tests that fail', async () => {
    write('a.yaml', `${tested('good', 'allow')}\n---\n${tested('bad', 'deny')}`);

    const report = await run();

    expect(outcomes(report)).toEqual(['good passed', 'bad failed']);
    expect(report).toMatchObject({
      isPassed: false,
      policies: { passed: 1, failed: 1, notRun: 0 },
      tests: { passed: 1, failed: 1, notRun: 0 },
    });
  });

  it('passes when all tests do', async () => {
    write('a.yaml', tested('good', 'allow'));

    expect((await run()).isPassed).toBe(true);
  });

  it('says of an invalid policy what is wrong, and runs no test of it', async () => {
    write('a.yaml', tested('a', 'allow', 'roleName: "", extra: 1,'));
    write('b.yaml', tested('..', 'allow'));

    const report = await run();

    expect(outcomes(report)).toEqual(['a failed', '.. failed']);
    expect(issues(report)).toEqual([
      'AccessPolicy.extra: Unknown element',
      'AccessPolicy.id: An id has 1 to 64 of A-Z a-z 0-9 - .',
    ]);
    expect(report.tests).toEqual({ passed: 0, failed: 0, notRun: 0 });
  });

  it('fails the second of two policies with one id, and names the first', async () => {
    write('a.yaml', `${tested('other', 'allow')}\n---\n${tested('same', 'allow')}`);
    write('b.yaml', tested('same', 'allow'));

    const report = await run();

    expect(outcomes(report)).toEqual(['other passed', 'same passed', 'same failed']);
    expect(issues(report)).toEqual([
      `AccessPolicy.id: Another policy has this id: ${folder}/a.yaml, document 2`,
    ]);
  });

  it('lets policies without an id be', async () => {
    write('a.yaml', '{engine: allow, link: [{reference: User/u}]}');
    write('b.yaml', '{engine: allow, link: [{reference: User/u}]}');

    expect(outcomes(await run())).toEqual(['- passed', '- passed']);
  });

  it('fails for warnings when it is strict, and not otherwise', async () => {
    write('a.yaml', '{engine: allow, id: a, link: [{reference: Operation/FhirReed}]}');
    write('b.yaml', '{engine: allow, id: b, link: [{reference: Operation/FhirRead}]}');

    const report = await run();

    expect(outcomes(report)).toEqual(['a passed', 'b passed']);
    expect(report.files[0]?.policies[0]?.warnings.map(({ code }) => code)).toEqual([
      'unknown-operation',
    ]);
    expect(outcomes(await run({ isStrict: true }))).toEqual(['a failed', 'b passed']);
  });

  it('never says of SQL that it passed', async () => {
    const sql = (id: string, query: string) =>
      `{engine: sql, id: ${id}, link: [{reference: User/u}], sql: {query: "${query}"}}`;
    write('a.yaml', sql('plain', 'SELECT true FROM patient'));
    write(
      'b.yaml',
      `{engine: complex, id: nested, link: [{reference: User/u}], or: [${sql('x', 'SELECT true').replace('id: x, link: [{reference: User/u}], ', '')}]}`,
    );
    write('c.yaml', sql('refused', 'SELECT pg_sleep(1)'));

    expect(outcomes(await run())).toEqual(['plain not-run', 'nested not-run', 'refused failed']);
    expect((await run()).policies).toEqual({ passed: 0, failed: 1, notRun: 2 });
    expect(outcomes(await run({ isStrict: true }))).toEqual([
      'plain failed',
      'nested failed',
      'refused failed',
    ]);
  });

  it('does not count tests as passed that there was no time for', async () => {
    const slow = {
      operations: () => server.requests.operations(),
      complete: (request: Parameters<KnownServer['requests']['complete']>[0]) => {
        const end = performance.now() + 1_100;
        while (performance.now() < end);
        return server.requests.complete(request);
      },
    };
    write(
      'a.yaml',
      `{engine: allow, id: a, link: [{reference: User/u}], tests: [${['a', 'b']
        .map((name) => `{name: ${name}, expect: deny, request: {uri: /a}}`)
        .join(',')}]}`,
    );

    const report = await run({ server: { ...server, requests: slow } });

    expect(report.tests).toEqual({ passed: 1, failed: 0, notRun: 1 });
    expect(outcomes(report)).toEqual(['a failed']);
    expect(issues(report)).toEqual([
      'AccessPolicy.tests: take more than 1000 ms; test less at once',
    ]);
  });

  it('tells of files that cannot be read, and tests the others', async () => {
    write('a.yaml', 'a: 1\n b: 2');
    write('b.json', 'engine: allow');
    write('c.yaml', tested('good', 'allow'));
    write('d.json', `"${'x'.repeat(2_000)}"`);
    write('e.yaml', `- ${'x'.repeat(700)}`);
    write('f.yaml', '# nothing\n');
    write('g.yaml', 'engine: 1\n---\nx');

    const report = await run({
      limits: { ...DEFAULT_BODY_LIMITS, maxBytes: 1_000, maxYamlBytes: 500 },
    });

    expect(report.isPassed).toBe(false);
    expect(report.files.map(({ problems }) => problems)).toEqual([
      ['The YAML has a mapping where a value stands; check the indentation at line 1, column 4'],
      [expect.stringContaining('line 1, column 1')],
      [],
      ['is larger than 1000 bytes'],
      ['is larger than 500 bytes of YAML; split it'],
      [],
      ['document 2: is no resource, which is an object'],
    ]);
    expect(outcomes(report)).toEqual(['good passed', '- failed']);
  });

  it('keeps where a policy fails first', async () => {
    write('a.yaml', tested('a', 'allow').replace('matcho: {uri: /a}', 'matcho: {uri: /b}'));

    expect((await run()).files[0]?.policies[0]?.tests[0]?.mismatch).toEqual({
      path: ['uri'],
      expected: '/b',
      but: '/a',
    });
  });

  it('fails for a file that cannot be read, though all policies pass', async () => {
    write('a.yaml', tested('good', 'allow'));
    write('b.json', '');
    expect((await run()).isPassed).toBe(true);
    write('b.json', '{');

    const report = await run();

    expect(outcomes(report)).toEqual(['good passed']);
    expect(report.isPassed).toBe(false);
  });

  it('takes no more resources than it can hold', async () => {
    write('a.json', JSON.stringify(Array(50_000).fill({ resourceType: 'User' })));
    await expect(run()).rejects.toThrow('No AccessPolicy in');
    write('b.yaml', '{resourceType: User}');
    await expect(run()).rejects.toThrow('more than 50000 resources');
  });

  it('refuses to pass where there is nothing to test', async () => {
    await expect(run()).rejects.toThrow('No AccessPolicy in');
    write('a.yaml', '{resourceType: User, id: u}');
    await expect(run()).rejects.toThrow('No AccessPolicy in');
  });
});
