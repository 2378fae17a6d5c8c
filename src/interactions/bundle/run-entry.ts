import type { ParsedBody } from '../formats/json.js';
import type { Answer } from '../http/answer.js';
import { returnPreference } from '../http/answer.js';
import { InteractionAnswers } from '../http/interaction-answers.js';
import type { Requester, Written } from '../resource-interactions.js';
import type { LiveVersion } from '../storage/stored-version.js';
import type { BundleEntry } from './bundle-entry.js';
import type { SearchableInteractions } from './bundle-types.js';
import type { EntryResponse } from './entry-response.js';

/** How the entries of one Bundle are carried out. */
export interface EntryContext {
  readonly requester: Requester;
  /** The `Prefer` header of the Bundle, which holds for its entries. */
  readonly prefer: string | undefined;
  /** Base URL of the server, without a trailing slash. */
  readonly baseUrl: string;
}

/** What an entry is carried out with: the interactions of its type, perhaps inside a transaction. */
export interface RunnableEntry {
  readonly entry: BundleEntry;
  readonly interactions: SearchableInteractions;
  /** The resource or patch document, its references resolved. */
  readonly body: ParsedBody | undefined;
}

/**
 * Carries out one entry, without its `ifNoneExist`.
 *
 * @throws FhirError as the interaction does.
 */
export async function runEntry(
  { entry, interactions, body }: RunnableEntry,
  context: EntryContext,
): Promise<EntryResponse> {
  const { id = '', vid = '', query } = entry.address;
  const answers = answersOf(interactions, context);
  switch (entry.method) {
    case 'GET':
      if (vid !== '') return versioned(await interactions.vread(id, vid), (v) => answers.vread(v));
      if (entry.address.isHistory) return plain(await answers.history(id || undefined, query));
      if (id === '') return plain(await answers.search(query, interactions.parseSearch(query)));
      return versioned(await interactions.read(id), (v) => answers.read(v, entry));
    case 'POST':
    case 'PUT':
    case 'PATCH':
      return writtenResponse(await write(entry, interactions, body, context), answers, context);
    case 'DELETE':
      return removedResponse(
        await interactions.remove(id, context.requester, entry),
        answers,
        context,
      );
  }
}

/** The answer to a conditional create whose resource is there already (FHIR R4, RESTful API §3.1.0.8.1). */
export async function existingResponse(
  version: LiveVersion,
  interactions: SearchableInteractions,
  context: EntryContext,
): Promise<EntryResponse> {
  const answer = await answersOf(interactions, context).read(version);
  const shown = returnPreference(context.prefer) === 'representation' ? answer.text : undefined;
  return { status: 200, version, location: urlOf(version, context), resource: shown };
}

function answersOf(
  interactions: SearchableInteractions,
  { baseUrl }: EntryContext,
): InteractionAnswers {
  return new InteractionAnswers(interactions, { url: `${baseUrl}/fhir`, family: 'fhir' });
}

async function write(
  entry: BundleEntry,
  interactions: SearchableInteractions,
  body: ParsedBody | undefined,
  { requester }: EntryContext,
): Promise<Written> {
  const { id } = entry.address;
  if (!body) throw new Error('An entry that writes was read without a resource');
  if (entry.method === 'POST') return interactions.create(body, requester);
  if (id === undefined) throw new Error('An entry was carried out before its target was known');
  if (entry.method === 'PUT') return interactions.update(id, body, requester, entry);
  const patcher = { ...requester, contentType: entry.patch?.contentType };
  return interactions.patch(id, body, patcher, entry);
}

function writtenResponse(
  written: Written,
  answers: InteractionAnswers,
  context: EntryContext,
): EntryResponse {
  const { version, warnings } = written;
  const preference = returnPreference(context.prefer);
  const outcome = answers.written(written, 'return=OperationOutcome').text;
  const isTold = preference === 'OperationOutcome' || warnings.length > 0;
  return {
    status: written.isCreated ? 201 : 200,
    version,
    location: urlOf(version, context),
    resource: preference === 'representation' ? written.text : undefined,
    outcome: isTold ? outcome : undefined,
    warnings,
  };
}

async function versioned(
  version: LiveVersion,
  answerOf: (version: LiveVersion) => Answer | Promise<Answer>,
): Promise<EntryResponse> {
  const { status, text } = await answerOf(version);
  return { status, version, resource: text };
}

async function removedResponse(
  version: LiveVersion | undefined,
  answers: InteractionAnswers,
  { prefer }: EntryContext,
): Promise<EntryResponse> {
  const { status, text } = await answers.removed(version, prefer);
  const isOutcome = returnPreference(prefer) === 'OperationOutcome';
  return isOutcome ? { status, outcome: text } : { status, resource: text };
}

function plain({ status, text }: Answer): EntryResponse {
  return { status, resource: text };
}

function urlOf({ type, id, versionId }: LiveVersion, { baseUrl }: EntryContext): string {
  return `${baseUrl}/fhir/${type}/${id}/_history/${versionId}`;
}
