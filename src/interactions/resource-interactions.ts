import { randomUUID } from 'node:crypto';
import { BadRequest, Duplicate, Gone, NotFound, type Issue } from '../errors/fhir-error.js';
import type { Json, ParsedBody } from './formats/json.js';
import { checkWritePreconditions, type Preconditions } from './http/preconditions.js';
import { applyPatch } from './patch/apply-patch.js';
import { assertResourceId } from './resource-id.js';
import type { ResourceRules, RouteFamily, Writer } from './resource-rules.js';
import type { SearchPage, SearchQuery } from './search/search-query.js';
import type { HistoryQuery, ResourceStore } from './storage/resource-store.js';
import {
  isLive,
  type LiveVersion,
  type NextVersion,
  type StoredVersion,
} from './storage/stored-version.js';
import type { Transaction } from './storage/transaction.js';
import { joining, type WorkRunner } from './storage/unit-of-work.js';

/** Who asks, and on which family of routes. */
export interface Requester {
  readonly family: RouteFamily;
  readonly writer: Writer;
}

/** A write that was done. */
export interface Written {
  readonly version: LiveVersion;
  /** As it is shown on the route that was used. */
  readonly text: string;
  readonly isCreated: boolean;
  readonly warnings: readonly string[];
  /** What was found and was no reason to refuse it. */
  readonly issues: readonly Issue[];
}

/** The interactions of FHIR's RESTful API on one resource type; what differs between types is in its rules. */
export class ResourceInteractions {
  constructor(
    readonly type: string,
    private readonly store: ResourceStore,
    private readonly rules: ResourceRules,
    private readonly unitOfWork: WorkRunner,
  ) {}

  /** The same interactions as a part of a transaction that is open: they read and write what it sees. */
  within(transaction: Transaction): this {
    // Inherits from this very object, so that what a type overrides holds inside a transaction too.
    const joined = Object.create(this) as this;
    const parts = { store: this.store.within(transaction), unitOfWork: joining(transaction) };
    return Object.assign(joined, parts);
  }

  /** Which of these ids exist or existed. */
  known(ids: readonly string[]): Promise<ReadonlySet<string>> {
    return this.store.known(ids);
  }

  /** @throws NotFound 404 for an id that never was, Gone 410 for one that was deleted. */
  async read(id: string): Promise<LiveVersion> {
    return this.live(id, await this.store.current(id));
  }

  /** @throws NotFound 404, Gone 410 when the version is a deletion. */
  async vread(id: string, versionId: string): Promise<LiveVersion> {
    const isNumber = /^[1-9]\d{0,14}$/.test(versionId);
    const version = isNumber ? await this.store.version(id, Number(versionId)) : undefined;
    if (!version) throw new NotFound(`${this.type}/${id} has no version ${versionId}`);
    return this.live(id, version);
  }

  /** A resource or a patch with everything done that takes long; to be called while no transaction is open. */
  async prepare(body: ParsedBody): Promise<ParsedBody> {
    return (await this.rules.prepare?.(body)) ?? body;
  }

  /** Honours an id that the body brings if it never existed; otherwise 409. */
  async create(body: ParsedBody, requester: Requester): Promise<Written> {
    const prepared = await this.prepare(body);
    return this.unitOfWork.run((transaction) => this.createIn(transaction, prepared, requester));
  }

  /** {@link create} inside a transaction that is already open. */
  async createIn(
    transaction: Transaction,
    body: ParsedBody,
    requester: Requester,
  ): Promise<Written> {
    const brought = idOf(body);
    const id = brought ?? randomUUID();
    const previous = await this.store.lock(transaction, this.checkId(id));
    if (previous)
      throw new Duplicate(`${this.type}/${id} exists or existed already`, `${this.type}.id`);
    return this.put(transaction, { id, method: 'POST', body, previous, requester });
  }

  /** Creates or replaces the resource of this id. */
  async update(
    id: string,
    sent: ParsedBody,
    requester: Requester,
    preconditions: Preconditions = {},
  ): Promise<Written> {
    const body = await this.prepare(sent);
    return this.unitOfWork.run(async (transaction) => {
      const brought = this.rules.bodyIdMustMatch ? idOf(body) : undefined;
      if (brought !== undefined && brought !== id) {
        throw new BadRequest(
          `The body has id ${brought}, the URL ${id}`,
          'value',
          `${this.type}.id`,
        );
      }
      const previous = await this.store.lock(transaction, this.checkId(id));
      checkWritePreconditions(preconditions, previous);
      return this.put(transaction, { id, method: 'PUT', body, previous, requester });
    });
  }

  /** Applies a JSON Patch, Merge Patch or FHIRPath Patch to what the caller would read. */
  async patch(
    id: string,
    sent: ParsedBody,
    requester: Requester & { readonly contentType?: string | undefined },
    preconditions: Preconditions = {},
  ): Promise<Written> {
    const patch = await this.prepare(sent);
    return this.unitOfWork.run(async (transaction) => {
      const previous = await this.store.lock(transaction, id);
      const current = this.live(id, previous);
      checkWritePreconditions(preconditions, previous);
      const shown = this.rules.present(current.text, requester.family);
      const body = applyPatch(
        { value: JSON.parse(shown) as Json, text: shown },
        patch,
        requester.contentType,
        { byPath: this.rules.patchByPath },
      );
      return this.put(transaction, { id, method: 'PATCH', body, previous, requester });
    });
  }

  /** @returns the last version, or `undefined` when there was nothing to delete. */
  remove(
    id: string,
    { writer }: Pick<Requester, 'writer'>,
    preconditions: Preconditions = {},
  ): Promise<LiveVersion | undefined> {
    return this.unitOfWork.run(async (transaction) => {
      const previous = await this.store.lock(transaction, id);
      if (preconditions.ifMatch !== undefined) checkWritePreconditions(preconditions, previous);
      if (!isLive(previous)) return undefined;
      await this.rules.checkRemoval?.(id, transaction, { writer, previous });
      await this.store.remove(transaction, previous);
      return previous;
    });
  }

  /** @throws NotFound 404 for an id that never was. */
  async history(
    query: HistoryQuery,
  ): Promise<{ versions: readonly StoredVersion[]; total: number }> {
    const page = await this.store.history(query);
    if (query.id !== undefined && page.total === 0) throw this.unknown(query.id);
    return page;
  }

  search(query: SearchQuery): Promise<SearchPage> {
    return this.store.search(query);
  }

  /** Current versions as they are shown on a route, in the order given. */
  async present(versions: readonly LiveVersion[], family: RouteFamily): Promise<readonly string[]> {
    if (!this.rules.showsSecrets) {
      return versions.map(({ text }) => this.rules.present(text, family));
    }
    const secrets = await this.store.secrets(versions.map(({ id }) => id));
    return versions.map(({ id, text }) => this.rules.present(text, family, secrets.get(id)));
  }

  /** An earlier version as it is shown; never with secrets. */
  presentHistorical(text: string, family: RouteFamily): string {
    return this.rules.present(text, family);
  }

  private async put(
    transaction: Transaction,
    write: Omit<NextVersion, 'text' | 'secrets'> & {
      readonly body: ParsedBody;
      readonly previous: StoredVersion | undefined;
      readonly requester: Requester;
    },
  ): Promise<Written> {
    const { id, method, body, previous, requester } = write;
    const stored = await this.store.secrets([id], transaction);
    const {
      text,
      secrets,
      warnings,
      issues = [],
    } = await this.rules.accept(body, {
      transaction,
      writer: requester.writer,
      id,
      previous,
      previousSecrets: stored.get(id) ?? {},
    });
    const version = await this.store.write(transaction, previous, { id, method, text, secrets });
    const written = this.live(id, version);
    await this.rules.afterWrite?.(written, transaction);
    const shown = this.rules.showsSecrets ? secrets : undefined;
    return {
      version: written,
      text: this.rules.present(written.text, requester.family, shown),
      isCreated: !isLive(previous),
      warnings,
      issues,
    };
  }

  private live(id: string, version: StoredVersion | undefined): LiveVersion {
    if (!version) throw this.unknown(id);
    if (!isLive(version)) throw new Gone(`${this.type}/${id} was deleted`);
    return version;
  }

  private unknown(id: string): NotFound {
    return new NotFound(`${this.type}/${id} is not known`);
  }

  private checkId(id: string): string {
    assertResourceId(id, this.type);
    return id;
  }
}

function idOf({ value }: ParsedBody): string | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const id: unknown = Object.hasOwn(value, 'id') ? Reflect.get(value, 'id') : undefined;
  if (id === undefined) return undefined;
  if (typeof id !== 'string') throw new BadRequest('id must be a string', 'value', 'id');
  return id;
}
