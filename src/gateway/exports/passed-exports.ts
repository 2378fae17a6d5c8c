import { Injectable } from '@nestjs/common';
import { BadRequest, FhirError } from '../../errors/fhir-error.js';
import type { Answer } from '../../interactions/http/answer.js';
import { callerKey } from '../paging/caller-key.js';
import type { SealedKind } from '../paging/link-seals.js';
import { SealedLinks } from '../paging/sealed-links.js';
import type { Passage } from '../passing/passage.js';
import { Passing } from '../passing/passing.js';
import type { OperationTarget } from '../requests/operation-requests.js';
import { ResourceLinks } from '../rewriting/resource-links.js';
import { readJson } from '../upstream/read-json.js';
import { Upstream, type UpstreamAnswer, type UpstreamPage } from '../upstream/upstream.js';
import { UpstreamFailed } from '../upstream/upstream-errors.js';
import { assertAsync, ExportDecisions, FILE, JOB, type DecidedExport } from './export-decisions.js';
import { passedManifest, type ExportedFile, type FileList } from './export-manifest.js';
import { FileLines } from './file-lines.js';
import { ManifestTurns } from './manifest-turns.js';
import { RemovalsLine } from './removals-line.js';
import { ResourceLine } from './resource-line.js';

/** Bytes of a manifest, which is read here. */
const MAX_MANIFEST_BYTES = 8 * 1024 * 1024;
const NDJSON = 'application/fhir+ndjson';
const FHIR_JSON = 'application/fhir+json; charset=utf-8';
/** Headers that say how far an export is. */
const PROGRESS = ['retry-after', 'x-progress'] as const;
/** Of answers whose own addresses are nobody's business. */
const NO_LINKS = { location: () => undefined, resource: (url: string) => url };

/** A file as it stands under its seal. */
type SealedFile = readonly [list: FileList, type: string, url: string];

/** The export failed, as far as the upstream says; to ask again would not help: 502. */
class ExportFailed extends FhirError {
  readonly status = 502;

  constructor() {
    super([{ code: 'exception', diagnostics: 'The FHIR server behind this one failed to export' }]);
  }
}

/**
 * Bulk exports of the upstream (FHIR Bulk Data Access 2.0). Job and files are parts of the request that began
 * the export: whoever asks for them is decided on as then.
 */
@Injectable()
export class PassedExports {
  private readonly turns = new ManifestTurns();

  constructor(
    private readonly decisions: ExportDecisions,
    private readonly sealed: SealedLinks,
    private readonly resources: ResourceLinks,
    private readonly upstream: Upstream,
    private readonly passing: Passing,
  ) {}

  /**
   * Begins an export.
   *
   * @throws FhirError as {@link ExportDecisions.of} does, 400 without `Prefer: respond-async`, 502 where the
   * upstream does not begin it, or says elsewhere how far it is
   */
  async begin(target: OperationTarget, passage: Passage): Promise<Answer> {
    if (sealAsked(passage)) throw new BadRequest('_job and _file are asked for with GET');
    const { request, origin, signal } = passage;
    const decided = await this.decisions.of(target, passage);
    assertAsync(request);
    const { segments: path, pairs: query } = decided;
    const headers = { prefer: 'respond-async, handling=strict' };
    const asked = { method: 'GET', path, query, headers } as const;
    const answer = await this.upstream.send(asked, origin, signal);
    if (answer.status >= 300) return this.refused(answer, passage);
    answer.body.destroy();
    const job = this.jobOf(answer);
    const link = this.linksTo(JOB, decided, passage)(job.href);
    return { status: 202, headers: { ...progressOf(answer), 'content-location': link } };
  }

  /** Begins an export, says how far it is, or hands on a file of it. @throws FhirError as {@link begin} does */
  async goOn(target: OperationTarget, passage: Passage): Promise<Answer> {
    const kind = sealAsked(passage);
    if (kind === JOB) return this.statusOf(target, passage);
    if (kind === FILE) return this.fileOf(target, passage);
    return this.begin(target, passage);
  }

  /** Ends an export. @throws FhirError as {@link begin} does, 400 without a job */
  async cancel(target: OperationTarget, passage: Passage): Promise<Answer> {
    if (sealAsked(passage) !== JOB)
      throw new BadRequest('_job says which export', 'required', '_job');
    const decided = await this.decisions.of(target, passage);
    const answer = await this.ask('DELETE', decided, passage);
    if (answer.status >= 300) return this.refused(answer, passage);
    answer.body.destroy();
    return { status: 202, headers: {} };
  }

  private async statusOf(target: OperationTarget, passage: Passage): Promise<Answer> {
    const decided = await this.decisions.of(target, passage);
    const answer = await this.ask('GET', decided, passage);
    if (answer.status >= 300) return this.refused(answer, passage);
    if (answer.status === 200) {
      const make = () => this.manifestOf(answer, decided, passage);
      const made = this.turns.run(callerKey(passage.origin.caller), make);
      return made.finally(() => answer.body.destroy());
    }
    answer.body.destroy();
    if (answer.status === 202) return { status: 202, headers: progressOf(answer) };
    throw new UpstreamFailed('The FHIR server behind this one does not say how far the export is');
  }

  private async ask(
    method: 'GET' | 'DELETE',
    decided: DecidedExport,
    passage: Passage,
  ): Promise<UpstreamAnswer> {
    const url = this.opened(JOB, decided, passage);
    const headers = { accept: 'application/json, application/fhir+json;q=0.9' };
    const job: UpstreamPage = { url: new URL(url), method, headers };
    return this.upstream.send(job, passage.origin, passage.signal);
  }

  private async manifestOf(
    answer: UpstreamAnswer,
    decided: DecidedExport,
    passage: Passage,
  ): Promise<Answer> {
    const manifest = await readJson(answer, MAX_MANIFEST_BYTES);
    const request = this.sealed.addressOf(decided);
    const linkTo = this.linksTo(FILE, decided, passage);
    const linkOf = ({ list, type, url }: ExportedFile): string => {
      const target = this.resources.target(url) ?? elsewhere();
      const file: SealedFile = [list, type, target.href];
      return linkTo(JSON.stringify(file));
    };
    const passed = await passedManifest(manifest, decided.types, request, linkOf);
    const expires = new Date(Date.now() + FILE.lifetimeMs).toUTCString();
    return { status: 200, headers: { expires }, text: JSON.stringify(passed) };
  }

  private async fileOf(target: OperationTarget, passage: Passage): Promise<Answer> {
    const decided = await this.decisions.of(target, passage);
    // What the seal vouches for was written by manifestOf().
    const [list, type, url] = JSON.parse(this.opened(FILE, decided, passage)) as SealedFile;
    const file: UpstreamPage = { url: new URL(url), headers: { accept: NDJSON } };
    const lines = new FileLines(() =>
      list === 'deleted'
        ? new RemovalsLine(decided.types, (url) => this.resources.below(url)?.slice(1) ?? url)
        : new ResourceLine(type),
    );
    const inJson = { ...passage, isForYaml: false };
    const answer = await this.passing.pass(file, inJson, { links: NO_LINKS, lines });
    return { ...answer, mediaType: answer.status < 300 ? NDJSON : FHIR_JSON };
  }

  /** @throws ExportFailed 502 for the status by which the guide has exports fail */
  private async refused(answer: UpstreamAnswer, passage: Passage): Promise<Answer> {
    if (answer.status === 500) {
      answer.body.destroy();
      throw new ExportFailed();
    }
    const inJson = { ...passage, isForYaml: false };
    const passed = await this.passing.hand(answer, inJson, { links: NO_LINKS });
    return { ...passed, mediaType: FHIR_JSON };
  }

  private jobOf({ status, headers }: UpstreamAnswer): URL {
    const { 'content-location': location } = headers;
    if (status === 202 && typeof location === 'string') {
      return this.resources.target(location) ?? elsewhere();
    }
    throw new UpstreamFailed('The FHIR server behind this one did not begin an export');
  }

  private opened(kind: SealedKind, decided: DecidedExport, passage: Passage): string {
    const text = this.sealed.opened(kind, decided, passage);
    if (text !== undefined) return text;
    throw new Error('An export goes on without a seal');
  }

  private linksTo(
    kind: SealedKind,
    decided: DecidedExport,
    passage: Passage,
  ): (text: string) => string {
    const seal = this.sealed.sealer(kind, decided, passage);
    return (text) => {
      const link = seal(text);
      if (link !== undefined) return link;
      throw new UpstreamFailed('The FHIR server behind this one gives out links that are too long');
    };
  }
}

/** What of an export is asked for; undefined for one that is to begin. */
function sealAsked({ request: { query } }: Passage): SealedKind | undefined {
  const [kind, ...others] = [JOB, FILE].filter(({ parameter }) => Object.hasOwn(query, parameter));
  if (others.length === 0) return kind;
  throw new BadRequest('_job and _file are asked for one by one');
}

function progressOf({ headers }: UpstreamAnswer): Record<string, string> {
  const told: Record<string, string> = {};
  for (const name of PROGRESS) {
    const value = headers[name];
    if (typeof value === 'string') told[name] = value;
  }
  return told;
}

/** @throws UpstreamFailed 502: whoever keeps files elsewhere asks no policy about them */
function elsewhere(): never {
  throw new UpstreamFailed(
    'The FHIR server behind this one keeps exports elsewhere, where nobody decides about them; WARDGATE_UPSTREAM_OTHER_URLS names its other base URLs',
  );
}
