import type { BodyLimits } from '../interactions/formats/body-limits.js';
import { checkPolicy, type KnownServer } from './check-policy.js';
import { CommandError } from '../command-line/command-error.js';
import { findFiles, type FoundFile } from '../command-line/find-files.js';
import { findResources, type FoundResource } from './find-resources.js';
import { readDocuments } from './read-documents.js';
import { reportOf, type FileReport, type PolicyReport, type Report } from './report.js';

/** What the files are read and the policies checked with. */
export interface TestSettings {
  readonly server: KnownServer;
  /** Of one file. */
  readonly limits: BodyLimits;
  /** Names of the types of resources that are no policies. */
  readonly otherTypes: ReadonlySet<string>;
  /** Whether warnings, and what cannot be run, fail. */
  readonly isStrict: boolean;
}

const EXTENSIONS: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);
const MAX_RESOURCES = 50_000;

/**
 * Checks the policies of files and folders, and runs their tests.
 *
 * @throws CommandError when a name leads nowhere, when there is nothing to test, or too much.
 */
export async function testPolicies(
  names: readonly string[],
  settings: TestSettings,
): Promise<Report> {
  const tester = new PolicyTester(settings);
  const files: FileReport[] = [];
  for (const found of await findFiles(names, EXTENSIONS)) files.push(await tester.test(found));
  const report = reportOf(files, settings.isStrict);
  const hasPolicies = files.some(({ policies }) => policies.length > 0);
  // A check that has nothing to check must not look like one that passed.
  if (!hasPolicies && report.problems === 0) {
    throw new CommandError(`No AccessPolicy in ${names.join(', ')} (.yaml, .yml, .json)`);
  }
  return report;
}

class PolicyTester {
  /** Where each id was first seen. */
  private readonly places = new Map<string, string>();
  private resources = 0;

  constructor(private readonly settings: TestSettings) {}

  async test({ path, problem }: FoundFile): Promise<FileReport> {
    if (problem !== undefined) return unreadable(path, problem);
    const read = await readDocuments(path, this.settings.limits);
    if ('problem' in read) return unreadable(path, read.problem);
    return this.tested(path, findResources(read.documents, this.settings.otherTypes));
  }

  private async tested(path: string, found: readonly FoundResource[]): Promise<FileReport> {
    this.resources += found.length;
    if (this.resources > MAX_RESOURCES) {
      throw new CommandError(`There are more than ${MAX_RESOURCES} resources; name fewer files`);
    }
    const problems: string[] = [];
    const policies: PolicyReport[] = [];
    const passedOver: string[] = [];
    const { server, isStrict } = this.settings;
    for (const resource of found) {
      if (resource.kind === 'problem') problems.push(placed(resource.place, resource.problem));
      else if (resource.kind === 'other') passedOver.push(resource.name);
      else {
        const report = await checkPolicy(resource, server, isStrict);
        policies.push(this.withoutTwin(report, path));
      }
    }
    return { path, problems, policies, passedOver };
  }

  /** Of two policies with one id, the server keeps the one that is written last. */
  private withoutTwin(report: PolicyReport, path: string): PolicyReport {
    const { id, place } = report;
    if (id === undefined) return report;
    const twin = this.places.get(id);
    if (twin === undefined) {
      this.places.set(id, place === '' ? path : `${path}, ${place}`);
      return report;
    }
    const diagnostics = `Another policy has this id: ${twin}`;
    const issue = { code: 'duplicate', diagnostics, expression: 'AccessPolicy.id' } as const;
    return { ...report, issues: [...report.issues, issue], outcome: 'failed' };
  }
}

function unreadable(path: string, problem: string): FileReport {
  return { path, problems: [problem], policies: [], passedOver: [] };
}

function placed(place: string, words: string): string {
  return place === '' ? words : `${place}: ${words}`;
}
