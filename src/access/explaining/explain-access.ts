import { Injectable } from '@nestjs/common';
import { isArray, isObject, own, type Json, type JsonObject } from '../../policy/json.js';
import { ClientRegistry } from '../../resources/client/client-registry.js';
import { UserDirectory } from '../../resources/user/user-directory.js';
import { invalidInput, knownMembers } from '../designing/invalid-input.js';
import { text } from '../designing/trial-request.js';
import { clientSubject, userSubject, type Subject } from './subject.js';
import { WhatMay } from './what-may.js';
import { WhoMay } from './who-may.js';

const MAX_TYPES = 200;

/** Answers questions about access by all who exist, not by one request (spec §8). */
@Injectable()
export class AccessExplanation {
  constructor(
    private readonly whoMay: WhoMay,
    private readonly whatMay: WhatMay,
    private readonly users: UserDirectory,
    private readonly clients: ClientRegistry,
  ) {}

  /**
   * @param input `{request, after?}` for who may, `{user, types?}` or `{client, types?}` for what one may
   * @throws InvalidResource 422 for anything else, and for somebody who does not exist.
   */
  async answer(input: Json): Promise<JsonObject> {
    const members = knownMembers(input, 'explain-access', [
      ...['request', 'after', 'user', 'client', 'types'],
    ]);
    const asked = ['request', 'user', 'client'].filter((name) => Object.hasOwn(members, name));
    if (asked.length !== 1) throw invalidInput('request', 'send request, user or client');
    const request = own(members, 'request');
    if (request === undefined)
      return this.whatMay.answer(await this.subject(members), types(members));
    if (!isObject(request)) throw invalidInput('request', 'must be an object');
    return this.whoMay.answer(request, text(members, 'after'));
  }

  private async subject(members: JsonObject): Promise<Subject> {
    const userId = text(members, 'user');
    const user = userId === undefined ? undefined : await this.users.byId(userId);
    if (user && !user.inactive) return userSubject(user);
    const clientId = text(members, 'client');
    const client = clientId === undefined ? undefined : this.clients.get(clientId);
    if (client?.active) return clientSubject(client);
    throw invalidInput(userId === undefined ? 'client' : 'user', 'is unknown or inactive');
  }
}

function types(members: JsonObject): ReadonlySet<string> | undefined {
  const list = own(members, 'types');
  if (list === undefined) return undefined;
  if (!isArray(list) || list.length > MAX_TYPES) {
    throw invalidInput('types', `must be a list of at most ${MAX_TYPES} types`);
  }
  return new Set(list.map(String));
}
